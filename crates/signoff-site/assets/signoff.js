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
function filter() {
  const filters = document.querySelector("form.filters");
  const table = document.querySelector("table[data-filtered]");
  if (filters && table) {
    const rows = [...table.querySelectorAll("tr[data-text]")];
    const count = document.querySelector("[data-count]");
    const apply = () => {
      const wanted = new FormData(filters);
      const words = (wanted.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const fits = !("absent" in row.dataset) && words.every((word) => row.dataset.text.includes(word)) &&
          [...wanted].every(([name, value]) => name === "q" || value === "" || row.dataset[name] === value || (row.dataset[name] ?? "").split(", ").includes(value));
        row.hidden = !fits;
        const panel = row.nextElementSibling;
        if (panel && panel.classList.contains("panel")) {
          panel.hidden = !fits || !row.classList.contains("open");
        }
        shown += fits ? 1 : 0;
      }
      for (const group of table.tBodies) {
        group.hidden = ![...group.querySelectorAll("tr[data-text]")].some((row) => !row.hidden);
      }
      if (count) {
        count.textContent = shown === rows.length ? `${shown} shown` : `${shown} of ${rows.length} shown`;
        if (shown === 0) {
          const all = document.createElement("a");
          all.href = location.pathname;
          all.textContent = `Show all ${rows.length}`;
          count.replaceChildren("Nothing fits. ", all);
        }
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
}

// What fits in a part of a page, itself among it.
const within = (part, selector) => [...part.querySelectorAll(selector)].concat(part.matches(selector) ? [part] : []);

// Headings that are no links to themselves yet become so.
function permalinks(part) {
  for (const heading of within(part, ".prose :is(h4, h5, h6)[id]:not(:has(a))")) {
    const link = document.createElement("a");
    link.href = `#${heading.id}`;
    link.append(...heading.childNodes);
    heading.append(link);
  }
}

// A link to a heading that was reworded since leads to the one that is most like it.
function nearest() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (!wanted.startsWith("d-") || document.getElementById(wanted)) {
    return;
  }
  const pairs = (name) => new Set([...name].slice(1).map((letter, at) => name[at] + letter));
  const own = pairs(wanted);
  let best = null;
  let alike = 0.6;
  for (const heading of document.querySelectorAll(".prose [id^=d-]")) {
    const other = pairs(heading.id);
    const shared = [...own].filter((pair) => other.has(pair)).length;
    const likeness = (2 * shared) / (own.size + other.size);
    if (likeness > alike) {
      [best, alike] = [heading, likeness];
    }
  }
  if (best) {
    location.replace(`#${best.id}`);
  }
}

// Rows that open: one at a time, and the address holds it.
function openers() {
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
}

// The date slider: the board as it was on a day of the cycle. At its end it is the board of the page again.
function slide() {
  const slider = document.querySelector("form.slider");
  if (slider) {
    const board = document.querySelector("table.board");
    const range = slider.elements.day;
    const output = slider.querySelector("output");
    const rows = [...board.querySelectorAll("tr[data-text]")];
    const chips = slider.querySelector("template").content;
    const written = output.innerHTML;
    const before = rows.map((row) => [row, row.parentElement, row.querySelector("[data-now]").innerHTML, row.querySelector("[data-reason]").innerHTML, row.dataset.verdict]);
    let days = null;
    globalThis.signoff = { ...globalThis.signoff, days(all) { days = all; } };
    const load = () => new Promise((done) => {
      const script = document.createElement("script");
      script.src = slider.dataset.days;
      script.addEventListener("load", done);
      script.addEventListener("error", done);
      document.head.append(script);
    });
    const section = (standing) => [...board.tBodies].find((own) => own.dataset.standing === standing) ?? added(standing);
    const added = (standing) => {
      const own = board.tBodies[0].cloneNode(false);
      own.dataset.standing = standing;
      const head = board.querySelector("tr.grp").cloneNode(true);
      head.firstElementChild.removeAttribute("id");
      own.append(head);
      board.tBodies[0].before(own);
      return own;
    };
    const count = () => {
      for (const own of board.tBodies) {
        const all = [...own.querySelectorAll("tr[data-text]")].filter((row) => !("absent" in row.dataset));
        const chip = chips.querySelector(`[data-standing="${own.dataset.standing}"]`);
        own.querySelector("tr.grp th").textContent = `${chip.textContent.trim()}, ${all.length}`;
      }
      document.querySelector("form.filters").dispatchEvent(new Event("input"));
    };
    const move = (row, own) => {
      const panel = row.nextElementSibling;
      own.append(row, panel);
    };
    const show = () => {
      const day = Number(range.value);
      const isNow = !days || day === days.days.length;
      board.classList.toggle("then", !isNow);
      if (!isNow) {
        document.querySelector("button.exp[aria-expanded=true]")?.click();
      }
      if (!days || day === days.days.length) {
        for (const [row, own, cell, reason, verdict] of before) {
          move(row, own);
          delete row.dataset.absent;
          row.querySelector("[data-now]").innerHTML = cell;
          row.querySelector("[data-reason]").innerHTML = reason;
          row.dataset.verdict = verdict;
        }
        output.innerHTML = written;
        count();
        return;
      }
      const [at, stood] = days.days[day];
      const then = new Map(stood.split(",").filter(Boolean).map((text) => {
        const [label, standing, reason] = text.split(" ").map(Number);
        return [days.labels[label], [days.standings[standing], days.reasons[reason]]];
      }));
      let shown = 0;
      for (const [row] of before) {
        const found = then.get(row.querySelector(".id").textContent);
        if (!found) {
          row.dataset.absent = "";
          continue;
        }
        const [standing, reason] = found;
        shown += 1;
        delete row.dataset.absent;
        row.dataset.verdict = standing;
        row.querySelector("[data-now]").replaceChildren(chips.querySelector(`[data-standing="${standing}"]`).cloneNode(true));
        row.querySelector("[data-reason]").textContent = reason;
        move(row, section(standing));
      }
      const tracked = [...then.values()].filter(([standing]) => standing === "tracked").length;
      const left = then.size - shown;
      const small = document.createElement("small");
      small.textContent = `${then.size} target it, ${tracked} tracked${left > 0 ? `; ${left} that left it since are not shown` : ""}`;
      output.replaceChildren(`${at.slice(0, 10)}, ${at.slice(11, 16)} UTC`, small);
      count();
    };
    const go = async () => {
      if (!days) {
        await load();
      }
      show();
    };
    range.addEventListener("input", go);
    slider.addEventListener("submit", (event) => event.preventDefault());
    slider.hidden = false;
    // Some browsers keep where it stood when a page is loaded again.
    range.value = range.max;
  }
}

// Tables are sorted by the column whose head is pressed; rows that stand together stay together.
function sorting(part) {
  for (const table of within(part, "table[data-sorts]")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const words = head.textContent.trim();
      if (!words || head.querySelector(".vh")) {
        return;
      }
      const button = document.createElement("button");
      button.className = "sort";
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
        const value = (row) => row.cells[column]?.dataset.value ?? row.cells[column]?.textContent.trim() ?? "";
        for (const body of table.tBodies) {
          const rows = [...body.rows];
          rows.sort((left, right) => {
            const [one, other] = [value(left), value(right)];
            // What is not there comes last either way.
            return (one === "") - (other === "") || way * one.localeCompare(other, "en", { numeric: true });
          });
          body.append(...rows);
        }
      });
    });
  }
}

// A chart says below itself what it shows where it is pointed at.
function telling(part) {
  for (const chart of within(part, "svg.chart:has(.told)")) {
    const said = document.createElement("p");
    said.className = "telling";
    said.setAttribute("aria-hidden", "true");
    chart.after(said);
    chart.addEventListener("pointerover", (event) => {
      said.textContent = event.target.closest(".told")?.textContent ?? "";
    });
    chart.addEventListener("pointerleave", () => { said.textContent = ""; });
  }
}

// Two versions lead to their page.
function pairs() {
  const form = document.querySelector("form[data-pairs]");
  if (form) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { from, to } = form.elements;
      const order = [from.selectedIndex, to.selectedIndex];
      to.setCustomValidity(order[0] < order[1] ? "" : "Choose a later version");
      if (form.reportValidity()) {
        location.href = `${form.dataset.pairs}${from.value}-${to.value}.html`;
      }
    });
    form.addEventListener("change", () => form.elements.to.setCustomValidity(""));
  }
}

// Files can be dropped on a form that takes some; too many are not sent at all.
function dropping() {
  const form = document.querySelector("form[data-drop]");
  if (form) {
    const { files } = form.elements;
    const over = (event) => {
      if (event.dataTransfer.types.includes("Files")) {
        event.preventDefault();
        form.classList.add("over");
      }
    };
    const fits = () => {
      const all = [...files.files];
      const sum = all.reduce((bytes, file) => bytes + file.size, 0);
      const isLarge = all.some((file) => file.size > 2 ** 20) || sum > 5 * 2 ** 20;
      files.setCustomValidity(all.length > 50 ? "At most 50 files" : isLarge ? "At most 1 MB each, 5 MB together" : "");
    };
    form.addEventListener("dragenter", over);
    form.addEventListener("dragover", over);
    form.addEventListener("dragleave", () => form.classList.remove("over"));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("over");
      files.files = event.dataTransfer.files;
      fits();
      form.requestSubmit();
    });
    files.addEventListener("change", fits);
  }
}

// What a part gains by itself.
function enrich(part) {
  sorting(part);
  telling(part);
  permalinks(part);
}

function begin() {
  filter();
  openers();
  slide();
  pairs();
  dropping();
  enrich(document.querySelector("main"));
  nearest();
}

begin();
addEventListener("hashchange", nearest);

// Live pages: what a page says now takes the place of what it said, part by part, and the reader stays where he is.
if ("live" in document.body.dataset) {
  const parts = (main) => [...main.querySelectorAll(":scope > :not(.split), :scope > .split > nav, :scope > .split > div > *")];
  let last = document.querySelector("main").cloneNode(true);
  let shown = document.body.dataset.live;

  const mark = (own) => {
    own.classList.add("changed");
    setTimeout(() => own.classList.remove("changed"), 10000);
  };
  // Parts that hang together through a script are replaced as one.
  const replace = (fresh) => {
    const main = document.querySelector("main");
    const [before, now, live] = [last, fresh, main].map(parts);
    const isWhole = main.querySelector("form.filters") || before.length !== now.length || before.length !== live.length;
    last = fresh;
    if (isWhole) {
      const rows = new Map([...main.querySelectorAll("tr[id]")].map((row) => [row.id, row.textContent]));
      const put = fresh.cloneNode(true);
      main.replaceWith(put);
      begin();
      [...put.querySelectorAll("tr[id]")].filter((row) => rows.get(row.id) !== row.textContent).forEach(mark);
      return;
    }
    now.forEach((part, at) => {
      if (!part.isEqualNode(before[at])) {
        const put = part.cloneNode(true);
        live[at].replaceWith(put);
        enrich(put);
        mark(put);
      }
    });
  };
  const take = async () => {
    const answer = await fetch(location.href, { cache: "no-cache" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    shown = page.body.dataset.live;
    document.title = page.title;
    document.querySelector("footer.foot").replaceWith(page.querySelector("footer.foot"));
    replace(page.querySelector("main"));
    document.dispatchEvent(new Event("replaced"));
  };
  const say = (words) => {
    document.querySelector("[data-said]")?.remove();
    if (words) {
      const said = document.createElement("p");
      said.className = "banner wide";
      said.dataset.said = "";
      said.setAttribute("role", "status");
      said.textContent = words;
      document.querySelector("main").before(said);
    }
  };
  const asOf = () => document.querySelector("footer [data-instant]").textContent;
  const events = new EventSource("/live");
  events.addEventListener("shown", ({ data }) => {
    say(null);
    if (data !== shown) {
      take().catch(() => location.reload());
    }
  });
  events.addEventListener("fault", ({ data }) => say(`What is there now cannot be shown: ${data}. This page is as of ${asOf()}.`));
  events.addEventListener("error", () => say(`The server does not answer. This page is as of ${asOf()}.`));
}
