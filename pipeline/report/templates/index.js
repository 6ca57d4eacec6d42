"use strict";
(() => {
  const STANCES = { o: "opposition", n: "neutral", a: "agreement" };
  const SHOWN = 25;
  const one = (selector, within = document) => within.querySelector(selector);
  const every = (selector, within = document) => [...within.querySelectorAll(selector)];
  const form = one("#filters"), table = one("#list"), body = one("#list tbody");
  const found = one("#found"), hits = one("#hits"), more = one("#more"), showAll = one("#all"), tip = one("#tip");
  const boxes = every("[name=stance]", form);
  let sort = "", open = null, matches = [], shown = SHOWN, origin = null;

  const articles = every("tr", body).map((row, place) => {
    const cell = (name) => one("." + name, row).textContent;
    const section = document.getElementById(row.dataset.a);
    return { row, section, place, title: cell("title"), date: cell("date"), source: cell("source"),
      n: Number(cell("n")), balance: Number(row.dataset.b), count: one(".n", row), sentences: null };
  });
  const byId = new Map(articles.map((a) => [a.row.dataset.a, a]));

  function sentencesOf(article) {
    if (!article.sentences) {
      const spans = article.section ? every(".s", article.section) : [];
      article.sentences = spans.map((span) => ({
        span, stance: span.classList[1], sure: !span.classList.contains("q"), confidence: Number(span.dataset.c),
        text: span.textContent.toLowerCase(),
      }));
    }
    return article.sentences;
  }

  function read() {
    const value = (name) => (form.elements[name] ? form.elements[name].value.trim() : "");
    const stances = boxes.filter((box) => box.checked).map((box) => box.value);
    return { q: value("q"), stance: stances.length === boxes.length ? "" : stances.join("") || "none", min: value("min"),
      source: value("source"), from: value("from"), to: value("to"), sort };
  }

  function fill(state) {
    for (const name of ["q", "min", "source", "from", "to"]) {
      if (form.elements[name]) form.elements[name].value = state.get(name) || "";
    }
    const stances = state.get("stance");
    for (const box of boxes) box.checked = !stances || stances.includes(box.value) && stances !== "none";
    sort = state.get("sort") || "";
  }

  function remember(state) {
    const kept = new URLSearchParams(Object.entries(state).filter(([, value]) => value));
    if (open) kept.set("open", open.row.dataset.a);
    const hash = kept.toString();
    history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
  }

  function judge(state) {
    const q = state.q.toLowerCase();
    const bySentence = Boolean(q || state.stance || state.min);
    const fits = (s, all) =>
      (!state.stance || state.stance !== "none" && state.stance.includes(s.stance)) &&
      (!state.min || (state.min === "sure" ? s.sure : s.confidence >= Number(state.min))) &&
      (all || s.text.includes(q));
    matches = [];
    let kept = 0;
    for (const article of articles) {
      const { date } = article;
      let fit = (!state.source || article.source === state.source) &&
        (!state.from || date && date.slice(0, state.from.length) >= state.from) &&
        (!state.to || date && date.slice(0, state.to.length) <= state.to);
      let count = article.n;
      if (fit && bySentence) {
        const named = !q || article.title.toLowerCase().includes(q);
        if (article.section) {
          const own = sentencesOf(article).filter((s) => fits(s, named));
          matches.push(...own.map((s) => ({ article, ...s })));
          count = own.length;
          fit = count > 0;
        } else {
          fit = named;
        }
      }
      article.fit = fit;
      article.row.hidden = !fit;
      article.count.textContent = fit && count !== article.n ? `${count} of ${article.n}` : String(article.n);
      kept += fit;
    }
    if (open) dim(open, bySentence ? (s) => fits(s, !q || open.title.toLowerCase().includes(q)) : () => true);
    return { bySentence, kept };
  }

  function dim(article, fits) {
    for (const s of sentencesOf(article)) s.span.classList.toggle("dim", !fits(s));
  }

  function order() {
    const [down, key] = sort.startsWith("-") ? [-1, sort.slice(1)] : [1, sort];
    const by = (a, b) => {
      const [x, y] = [a[key], b[key]];
      if ((x === "") !== (y === "")) return x === "" ? 1 : -1;
      return down * (typeof x === "number" ? x - y : x.localeCompare(y)) || a.place - b.place;
    };
    const sorted = key ? [...articles].sort(by) : articles;
    if (key || body.dataset.sorted) body.append(...sorted.map((a) => a.row));
    body.dataset.sorted = key || "";
    for (const head of every("[data-key]", table)) {
      head.removeAttribute("aria-sort");
      if (head.dataset.key === key) head.setAttribute("aria-sort", down > 0 ? "ascending" : "descending");
    }
  }

  function update() {
    const state = read();
    const { bySentence, kept } = judge(state);
    order();
    every("tr:not([hidden])", body).forEach((row, place) => row.classList.toggle("late", place >= 30));
    showAll.hidden = kept <= 30 || !table.classList.contains("cut");
    showAll.textContent = `Show all ${kept} articles`;
    shown = SHOWN;
    matches.sort((a, b) => b.confidence - a.confidence);
    list(bySentence);
    const filtered = bySentence || state.source || state.from || state.to;
    const articlesSaid = `${kept} of ${articles.length} articles`;
    found.textContent = !filtered ? "" : bySentence && matches.length + kept > 0 && articles.some((a) => a.section)
      ? `${matches.length} sentence${matches.length === 1 ? "" : "s"} in ${articlesSaid}, the surest first:` : articlesSaid;
    remember(state);
  }

  function list(wanted) {
    hits.hidden = !wanted || !matches.length;
    hits.replaceChildren(...(wanted ? matches.slice(0, shown).map(hit) : []));
    more.hidden = !wanted || matches.length <= shown;
  }

  function hit({ article, span, stance, confidence }) {
    const item = document.createElement("li"), text = document.createElement("p"), from = document.createElement("p");
    const copy = span.cloneNode(true);
    one("sup", copy)?.remove();
    const quote = document.createElement("bdi");
    quote.append(...copy.childNodes);
    text.append(quote);
    const label = document.createElement("b");
    label.className = STANCES[stance];
    label.textContent = STANCES[stance];
    const link = document.createElement("a");
    link.href = "#" + span.id;
    link.textContent = article.title;
    from.className = "from";
    from.append(label, ` ${(confidence / 100).toFixed(2)} · `, link, article.date ? `, ${article.date}` : "");
    item.append(text, from);
    return item;
  }

  function show(id) {
    const target = document.getElementById(id);
    const section = target?.closest(".article");
    const article = section && byId.get(section.id);
    if (!article) return false;
    close(false);
    origin = origin || document.activeElement;
    open = article;
    section.classList.add("open");
    document.documentElement.classList.add("reading");
    one("main").inert = true;
    one(".top").inert = true;
    every(".target").forEach((span) => span.classList.remove("target"));
    judge(read());
    one("h3", section).focus({ preventScroll: true });
    section.scrollTop = 0;
    if (target !== section) {
      target.classList.add("target");
      target.scrollIntoView({ block: "center" });
    }
    remember(read());
    return true;
  }

  function close(back = true) {
    if (!open) return;
    open.section.classList.remove("open");
    hide();
    open = null;
    document.documentElement.classList.remove("reading");
    one("main").inert = false;
    one(".top").inert = false;
    if (back) {
      remember(read());
      origin?.focus?.({ preventScroll: true });
      origin = null;
    }
  }

  function step(by) {
    const visible = every("tr:not([hidden])", body);
    const place = visible.indexOf(open.row) + by;
    if (visible[place]) show(visible[place].dataset.a);
  }

  function explain(span, mark) {
    const note = document.getElementById("w" + span.id.slice(1));
    const stance = STANCES[span.classList[1]], head = document.createElement("b");
    const doubt = span.classList.contains("q") ? ", abstained" : "", gold = span.dataset.g ? `, hand label ${span.dataset.g}` : "";
    head.textContent = `${stance} ${(Number(span.dataset.c) / 100).toFixed(2)}${doubt}${gold}`;
    const lines = [note ? one("span", note).textContent : span.dataset.why, mark ? `“${mark.textContent}” ${mark.dataset.t}` : ""];
    tip.replaceChildren(head, lines.filter(Boolean).join(" — "));
    tip.hidden = false;
    every(".notes .on").forEach((n) => n.classList.remove("on"));
    note?.classList.add("on");
    const rects = span.getClientRects(), rect = rects[rects.length - 1];
    const below = rect.bottom + 8 + tip.offsetHeight < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(rect.left, innerWidth - tip.offsetWidth - 16)) + scrollX}px`;
    tip.style.top = `${(below ? rect.bottom + 8 : Math.max(8, rects[0].top - tip.offsetHeight - 8)) + scrollY}px`;
  }

  function hide() {
    tip.hidden = true;
    every(".notes .on").forEach((note) => note.classList.remove("on"));
  }

  const apply = () => {
    const hash = decodeURIComponent(location.hash.slice(1));
    if (/^[as]\d+$/.test(hash) && show(hash)) return;
    const state = new URLSearchParams(location.hash.slice(1));
    if (hash.includes("=") || !hash) {
      fill(state);
      close(false);
      update();
      const wanted = state.get("open");
      if (wanted) show(wanted);
    }
  };

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { sort = ""; update(); }));
  table.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (!key) return;
    sort = sort === key ? "-" + key : key;
    update();
  });
  more.addEventListener("click", () => { shown += 4 * SHOWN; list(true); });
  showAll.addEventListener("click", () => { table.classList.remove("cut"); showAll.hidden = true; });
  document.addEventListener("click", (event) => {
    const { target } = event;
    const link = target.closest("a[href^='#a'], a[href^='#s']");
    if (link && show(link.hash.slice(1))) return event.preventDefault();
    if (target.closest(".close")) return close();
    if (target.closest(".previous")) return step(-1);
    if (target.closest(".next")) return step(1);
    const span = target.closest(".article .s");
    if (span) explain(span, target.closest("mark")); else hide();
  });
  document.addEventListener("mouseover", (event) => {
    const span = event.target.closest?.(".article .s");
    if (span) explain(span, event.target.closest("mark"));
  });
  document.addEventListener("mouseout", (event) => { if (event.target.closest?.(".article .s")) hide(); });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".article .s")) explain(event.target); else hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden ? close() : hide();
  });
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  window.addEventListener("hashchange", apply);
  apply();
})();
