// What pages gain from a script; without it they are complete all the same.
"use strict";

// A slash goes to the search.
document.addEventListener("keydown", (event) => {
  const inField = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "/" && !inField && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("q").focus();
  }
});

// Filters of a table: what is shown stands in the address.
const filters = document.querySelector("form.filters");
const table = document.querySelector("table[data-filtered]");
if (filters && table) {
  const rows = [...table.querySelectorAll("tr[data-text]")];
  const groups = [...table.tBodies];
  const count = document.querySelector("[data-count]");
  const apply = () => {
    const wanted = new FormData(filters);
    const words = (wanted.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = words.every((word) => row.dataset.text.includes(word)) &&
        [...wanted].every(([name, value]) => name === "q" || value === "" || row.dataset[name] === value);
      row.hidden = !fits;
      const panel = row.nextElementSibling;
      if (panel && panel.classList.contains("panel")) {
        panel.hidden = !fits || !row.classList.contains("open");
      }
      shown += fits ? 1 : 0;
    }
    for (const group of groups) {
      group.hidden = ![...group.querySelectorAll("tr[data-text]")].some((row) => !row.hidden);
    }
    if (count) {
      count.textContent = shown === rows.length ? `${shown} shown` : `${shown} of ${rows.length} shown`;
    }
  };
  const address = () => {
    const wanted = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value !== ""));
    const query = wanted.toString();
    history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash);
  };
  for (const [name, value] of new URLSearchParams(location.search)) {
    const field = filters.elements[name];
    if (field) {
      field.value = value;
    }
  }
  filters.addEventListener("input", () => { apply(); address(); });
  filters.addEventListener("submit", (event) => { event.preventDefault(); apply(); address(); });
  apply();
}

// Rows that open: one at a time, and the address holds it.
for (const opener of document.querySelectorAll("button.exp")) {
  const row = opener.closest("tr");
  const panel = row.nextElementSibling;
  const set = (open) => {
    opener.setAttribute("aria-expanded", String(open));
    row.classList.toggle("open", open);
    panel.hidden = !open;
  };
  set(location.hash === `#${row.id}`);
  opener.hidden = false;
  opener.addEventListener("click", () => {
    const open = opener.getAttribute("aria-expanded") !== "true";
    for (const other of document.querySelectorAll("button.exp[aria-expanded=true]")) {
      if (other !== opener) {
        other.click();
      }
    }
    set(open);
    history.replaceState(null, "", location.pathname + location.search + (open ? `#${row.id}` : ""));
  });
}

// Live pages: a new state takes the place of the old one, and the reader stays where he is.
if ("live" in document.body.dataset) {
  const events = new EventSource("/live");
  events.addEventListener("changed", () => location.reload());
}
