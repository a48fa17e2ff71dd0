// Search over the words of every proposal: pieces of the index are loaded when their letters are typed.
"use strict";

(() => {
  const form = document.querySelector("form[data-search]");
  if (!form) {
    return;
  }
  const FACETS = ["group", "status", "stage", "release"];
  const base = document.body.dataset.base;
  const list = document.querySelector("[data-hits]");
  const found = document.querySelector("[data-found]");
  const SHOWN = 50;
  const pieces = new Map();
  let proposals = [];
  let ready = null;

  // What the pieces call.
  globalThis.signoff = {
    proposals(all) {
      proposals = all.map(([label, title, page, group, status, stage, release, about]) => ({ label, title, page, group, status, stage, release, text: about }));
    },
    words(letters, text) {
      pieces.set(letters, text.split("\n").filter(Boolean).map((line) => {
        const [word, ...rest] = line.split(" ");
        // A word that nearly all have, with those that are much about it.
        const everywhere = rest[0] === "*";
        const places = everywhere ? rest.slice(1) : rest;
        let index = 0;
        return [word, everywhere, places.map((place) => {
          const [distance, about] = place.split(".");
          index += parseInt(distance, 36);
          return [index, parseInt(about, 36)];
        })];
      }));
    },
  };

  const load = (path) => new Promise((done) => {
    const script = document.createElement("script");
    script.src = `${base}search/${path}.js`;
    script.addEventListener("load", done);
    script.addEventListener("error", done);
    document.head.append(script);
  });

  const start = () => ready ??= load("proposals");
  const known = new Set(form.dataset.pieces.split(" "));
  const asked = new Map();
  const piece = (letters) => {
    if (!asked.has(letters)) {
      asked.set(letters, load(letters));
    }
    return asked.get(letters);
  };

  // Which proposals have a word or its beginning, and how much each is about it.
  async function having(word) {
    const letters = /^[\x00-\x7f]{2}/.test(word) ? word.slice(0, 2) : "other";
    if (!known.has(letters)) {
      return new Map();
    }
    await piece(letters);
    const about = new Map();
    for (const [own, everywhere, places] of pieces.get(letters) ?? []) {
      if (!own.startsWith(word)) {
        continue;
      }
      const count = everywhere ? proposals.length : places.length;
      const rare = Math.log(1 + proposals.length / count) * (own === word ? 1 : 0.6);
      if (everywhere) {
        proposals.forEach((_, index) => about.set(index, Math.max(about.get(index) ?? 0, rare)));
      }
      for (const [index, level] of places) {
        about.set(index, Math.max(about.get(index) ?? 0, rare * level));
      }
    }
    return about;
  }

  let last = 0;

  // A server searches itself: its page takes the place of this one's hits.
  async function ask() {
    const run = ++last;
    const query = new URLSearchParams(new FormData(form)).toString();
    const answer = await fetch(`${location.pathname}?${query}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (run !== last) {
      return;
    }
    for (const part of ["[data-hits]", "[data-found]"]) {
      document.querySelector(part).replaceChildren(...page.querySelector(part).childNodes);
    }
    for (const name of FACETS) {
      form.elements[name].replaceWith(page.querySelector(`form[data-search] [name=${name}]`));
    }
  }

  async function search() {
    if ("live" in document.body.dataset) {
      await ask();
      return;
    }
    const run = ++last;
    await start();
    const wanted = new FormData(form);
    const words = (wanted.get("q") ?? "").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);
    const sets = await Promise.all(words.map(having));
    if (run !== last) {
      return;
    }
    let hits = words.length === 0 ? [] : [...sets[0].keys()].filter((index) => sets.every((set) => set.has(index)));
    hits = hits.map((index) => ({ ...proposals[index], about: sets.reduce((sum, set) => sum + set.get(index), 0) }));
    facets(hits, wanted);
    const fits = hits.filter((hit) => FACETS.every((name) => !wanted.get(name) || hit[name] === wanted.get(name)));
    fits.sort((left, right) => right.about - left.about || left.label.localeCompare(right.label, "en", { numeric: true }));
    show(fits, words);
  }

  function facets(hits, wanted) {
    for (const name of FACETS) {
      const counts = new Map();
      for (const hit of hits) {
        counts.set(hit[name], (counts.get(hit[name]) ?? 0) + 1);
      }
      const options = [...counts].filter(([value]) => value).sort(([left], [right]) => left.localeCompare(right));
      const select = form.elements[name];
      select.replaceChildren(new Option("Any", ""), ...options.map(([value, count]) => new Option(`${value} (${count})`, value)));
      select.value = counts.has(wanted.get(name)) ? wanted.get(name) : "";
    }
  }

  function show(hits, words) {
    const text = hits.length === 0 ? "No proposal has all of these words." : `${hits.length} ${hits.length === 1 ? "proposal" : "proposals"}`;
    found.textContent = words.length === 0 ? "Type words, the beginning of one, or a number." : text;
    const shown = hits.slice(0, SHOWN).map((hit) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.className = "t";
      // The browser shows where the first word stands.
      link.href = `${base}${hit.page}#:~:text=${encodeURIComponent(words[0] ?? "")}`;
      link.append(...marked(hit.title, words));
      const label = document.createElement("span");
      label.className = "mono soft";
      label.textContent = hit.label;
      const facts = document.createElement("span");
      facts.className = "sub";
      facts.textContent = [hit.group, hit.status, hit.stage, hit.release].filter(Boolean).join(" · ");
      row.append(label, link, facts);
      if (hit.text) {
        const snippet = document.createElement("p");
        snippet.className = "snippet";
        snippet.append(...marked(hit.text, words));
        row.append(snippet);
      }
      return row;
    });
    list.replaceChildren(...shown);
  }

  // A text with the searched words marked.
  function marked(text, words) {
    const starts = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    if (starts.length === 0) {
      return [text];
    }
    return text.split(new RegExp(`(\\b(?:${starts.join("|")})[\\p{L}\\p{N}]*)`, "giu")).map((part, at) => {
      if (at % 2 === 0) {
        return part;
      }
      const mark = document.createElement("mark");
      mark.textContent = part;
      return mark;
    });
  }

  const address = () => {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== "")).toString();
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
  };
  const asking = new URLSearchParams(location.search);
  form.elements.q.value = asking.get("q") ?? "";
  for (const name of FACETS) {
    if (asking.get(name) && form.elements[name].value !== asking.get(name)) {
      form.elements[name].append(new Option(asking.get(name), asking.get(name)));
      form.elements[name].value = asking.get(name);
    }
  }
  form.addEventListener("input", () => { search(); address(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); address(); });
  if (location.search || !("live" in document.body.dataset)) {
    search();
  }
})();
