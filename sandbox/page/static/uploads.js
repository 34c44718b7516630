// Fields for files: each is uploaded as soon as it is chosen; the form holds their ids.

import { busily, click, say } from "./acting.js";
import { controlOf, make, valueOf } from "./values.js";
import { _, here } from "./words.js";

async function upload(file) {
  const query = new URLSearchParams({ person: here.person, name: file.name });
  try {
    const response = await fetch(`/file?${query}`, { method: "POST", body: file });
    return response.ok ? await response.json() : { failure: _("That did not work.") };
  } catch {
    return { failure: _("The sandbox can't be reached right now.") };
  }
}

function hold(field, ids) {
  field.dataset.value = JSON.stringify(ids);
  const chips = field.querySelector(".chips");
  chips.hidden = !ids.length;
  click(field, ids);
}

async function add(field, files) {
  const ids = valueOf(field);
  const most = Number(field.dataset.files);
  for (const file of files) {
    if (ids.length >= most) {
      say(_("At most {n} files.", { n: most }), true);
      break;
    }
    const answer = await upload(file);
    if (answer.failure) {
      say(`${file.name}: ${answer.failure}`, true);
      continue;
    }
    ids.push(answer.id);
    const name = _("Remove {name}", { name: answer.name });
    const button = make("button", { type: "button", "data-drop": answer.id, "aria-label": name }, "×");
    field.querySelector(".chips").append(make("li", { class: "chip" }, make("span", {}, answer.name), button));
  }
  hold(field, ids);
}

document.addEventListener("change", (event) => {
  const field = event.target.matches("input[type=file]") && event.target.closest("[data-files]");
  if (!field) return;
  const files = [...event.target.files];
  // The same file can be chosen again after it was removed.
  event.target.value = "";
  busily(field, () => add(field, files));
});

{
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-drop]");
    if (!button) return;
    const field = button.closest("[data-files]");
    const { drop } = button.dataset;
    button.closest(".chip").remove();
    controlOf(field).focus();
    hold(
      field,
      valueOf(field).filter((id) => id !== drop),
    );
  });
}
