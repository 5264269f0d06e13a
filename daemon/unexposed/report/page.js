"use strict";
for (const one of document.querySelectorAll(".needs-script")) one.hidden = false;

const button = document.getElementById("all-values");
if (button) {
  const values = [...document.querySelectorAll("details.value")];
  button.addEventListener("click", () => {
    const show = button.getAttribute("aria-pressed") !== "true";
    for (const one of values) one.open = show;
    button.setAttribute("aria-pressed", String(show));
    button.textContent = show ? button.dataset.hide : button.dataset.show;
  });
}

const entries = document.getElementById("entries");
if (entries) {
  const rows = [...entries.children].map((row) => [row, row.textContent.toLowerCase()]);
  const field = (name) => document.getElementById(`filter-${name}`);
  const names = ["outcome", "level", "kind", "days", "text"];
  const count = document.getElementById("count");
  const filter = () => {
    const [outcome, level, kind, days, text] = names.map((name) => field(name).value);
    const since = days ? Date.now() / 1000 - days * 86400 : 0;
    const wanted = text.trim().toLowerCase();
    let shown = 0;
    for (const [row, words] of rows) {
      const is = row.dataset;
      const fits =
        (!outcome || is.outcome === outcome) &&
        Number(is.level) >= Number(level) &&
        (!kind || is.kind.split(" ").includes(kind)) &&
        Number(is.time) >= since &&
        words.includes(wanted);
      row.hidden = !fits;
      shown += fits;
    }
    count.textContent = count.dataset.of
      .replace("{shown}", shown.toLocaleString())
      .replace("{all}", rows.length.toLocaleString());
  };
  for (const name of names) field(name).addEventListener("input", filter);
}
