// Runs before anything is painted: light or dark, as it was chosen on this device.

try {
  document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "";
} catch {
  // Without storage the page looks as the device does.
}
