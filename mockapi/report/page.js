"use strict";
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const field = (id) => document.getElementById(id);
  const entries = [...document.querySelectorAll(".entry")];
  let known = null;

  // read once, at the first use: the texts of a large run take a moment
  const read = () => entries.map((entry) => ({
    entry,
    head: entry.querySelector("summary").textContent.toLowerCase(),
    text: entry.textContent.toLowerCase(),
    rows: [...entry.querySelectorAll(".requests > tbody")].map((row) => ({ row, text: row.textContent.toLowerCase() })),
  }));

  const apply = () => {
    known = known || read();
    const words = field("text").value.toLowerCase().split(/\s+/).filter(Boolean);
    const outcome = field("outcome").value;
    const request = field("request").value;
    const has = (text) => words.every((word) => text.includes(word));
    let shown = 0;
    for (const { entry, head, text, rows } of known) {
      let fits = (!outcome || entry.dataset.outcome === outcome) && has(text);
      let left = 0;
      for (const part of rows) {
        // a test that is meant by its name keeps all its requests
        part.row.hidden = !((!request || part.row.dataset.outcome === request) && (has(head) || has(part.text)));
        left += !part.row.hidden;
      }
      if (request && !left) fits = false;
      if (!request && !left) for (const part of rows) part.row.hidden = false;
      entry.hidden = !fits;
      shown += fits;
    }
    field("nothing").hidden = shown > 0;
    field("shown").textContent = `${shown.toLocaleString("en")} of ${entries.length.toLocaleString("en")} tests`;
  };

  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 80); });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const [id, open] of [["open", true], ["close", false]]) {
    field(id).addEventListener("click", () => { for (const entry of entries) if (!entry.hidden) entry.open = open; });
  }

  // a link to a test opens it, and shows it whatever the filter says
  const follow = () => {
    const entry = document.getElementById(location.hash.slice(1));
    if (!entry || !entry.classList.contains("entry")) return;
    entry.hidden = false;
    entry.open = true;
    entry.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  form.hidden = false;
  field("shown").textContent = `${entries.length.toLocaleString("en")} tests`;
  follow();
})();
