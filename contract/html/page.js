"use strict";
(() => {
  const $ = (s, in_ = document) => [...in_.querySelectorAll(s)];
  const query = document.getElementById("query"), verdict = document.getElementById("verdict"), shown = document.getElementById("shown");
  const reasons = JSON.parse(document.getElementById("reasons").textContent);
  const findings = $(".finding").map(e => ({e, level: e.dataset.level, text: e.textContent.toLowerCase()}));
  const rows = $("#matrix tbody tr").map(e => ({e, has: e.dataset.v, text: e.firstChild.textContent.toLowerCase()}));
  const others = $(".covered, .reasons li").map(e => ({e, text: e.dataset.text.toLowerCase() + " " + e.querySelector("summary").textContent.toLowerCase()}));
  const checks = $("#matrix thead th").slice(1).map(e => e.textContent);
  const columns = document.head.appendChild(document.createElement("style"));

  const show = (list, want) => {
    let n = 0;
    for (const item of list) {
      const on = want(item);
      item.e.hidden = !on;
      if (on) n++;
    }
    return n;
  };

  const filter = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = text => words.every(w => text.includes(w));
    const levels = $("input[name=level]:checked").map(e => e.value);
    // Words that name checks choose columns; the others choose rows.
    const named = words.filter(w => checks.some(c => c.includes(w)) && !rows.some(r => r.text.includes(w)));
    const rest = words.filter(w => !named.includes(w));
    const f = show(findings, x => levels.includes(x.level) && matches(x.text));
    const r = show(rows, x => rest.every(w => x.text.includes(w)) && (!verdict.value || x.has.includes(verdict.value)));
    show(others, x => matches(x.text));
    columns.textContent = named.length === 0 ? "" : checks.map((c, i) => named.every(w => c.includes(w)) ? "" :
      `#matrix tr>:nth-child(${i + 2}){display:none}`).join("");
    shown.textContent = `${f} of ${findings.length} causes of findings, ${r} of ${rows.length} operations`;
  };

  let waiting = 0;
  query.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, findings.length + rows.length > 200 ? 120 : 0); });
  verdict.addEventListener("change", filter);
  for (const e of $("input[name=level]")) e.addEventListener("change", filter);
  document.querySelector(".filter").addEventListener("submit", e => { e.preventDefault(); filter(); });
  filter();

  // A cell of the matrix tells below it what it came to.
  const cell = document.getElementById("cell");
  const tell = e => {
    const td = e.target.closest("#matrix td");
    if (!td || !td.textContent) return;
    const of = td.parentNode.querySelector("th").childNodes[1].textContent.trim() + "/" + checks[td.cellIndex - 1];
    const why = td.dataset.r ? reasons[td.dataset.r] : {p: "passed", f: "failed", k: "known findings only"}[td.className];
    cell.textContent = of + ": " + why;
    if (e.type === "mouseover" && !td.title) td.title = cell.textContent;
  };
  const table = document.querySelector("#matrix table");
  table.addEventListener("mouseover", tell);
  table.addEventListener("click", tell);
  table.addEventListener("focusin", tell);

  // Commands can be copied.
  for (const box of $(".command")) {
    const b = box.appendChild(document.createElement("button"));
    b.type = "button"; b.className = "copy"; b.textContent = "Copy";
    b.setAttribute("aria-label", "Copy the command");
    b.addEventListener("click", async () => {
      const text = box.querySelector("code").textContent;
      try { await navigator.clipboard.writeText(text); } catch {
        getSelection().selectAllChildren(box.querySelector("code"));
        document.execCommand("copy");
      }
      b.textContent = "Copied";
      setTimeout(() => { b.textContent = "Copy"; }, 1500);
    });
  }
})();
