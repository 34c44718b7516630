// What is kept on this device: drafts, what waits to be sent, light or dark. Without storage nothing is kept.

export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function keep(name, text) {
  try {
    if (text) localStorage.setItem(name, text);
    else localStorage.removeItem(name);
  } catch {
    // The page goes on without.
  }
}
