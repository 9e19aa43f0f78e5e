// A text field with completion, marks and fixes. Only the server knows the language; offsets need no conversion.

const [form, name, field, marks, list, expected, problems, saved] =
  ["form", "name", "where", "marks", "items", "expected", "problems", "saved"].map((id) => document.getElementById(id));
let offered = { start: 0, end: 0, items: [] }; // the completions that are shown
let chosen = 0; // the number of the completion that Enter takes
let wanted = false;
let answered = Promise.resolve(); // when the completions for the newest text are shown

async function send(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(path, { method, headers, body: JSON.stringify(body) });
  return { ok: response.ok, answer: await response.json() };
}

// Asks the server, and calls `show` unless there is a newer question by then.
function newest(path, show) {
  let last = 0;
  return async (body) => {
    const number = (last += 1);
    const { ok, answer } = await send("POST", path, body);
    if (ok && number === last) show(answer);
  };
}

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// ── completion ──────────────────────────────────────────────────────────────────────────────────────────────────────

const ask = newest("complete", (found) => {
  const isTyped = found.start < field.selectionStart;
  offered = found;
  expected.textContent = found.expected && `Expected: ${found.expected} (Ctrl+Space lists it)`;
  show(isTyped || wanted ? found.items : []);
});

// The list opens for a typed word, or on request.
function complete(isWanted = false) {
  wanted = isWanted;
  answered = ask({ text: field.value, offset: field.selectionStart });
}

function show(items) {
  offered = { ...offered, items };
  list.replaceChildren(...items.map((item, number) => {
    const line = element("li", { id: `item-${number}`, role: "option", title: item.help }, item.label);
    line.append(element("small", {}, item.detail));
    line.addEventListener("mousedown", (event) => { event.preventDefault(); accept(item); });
    return line;
  }));
  list.hidden = items.length === 0;
  field.setAttribute("aria-expanded", String(!list.hidden));
  choose(0);
}

function choose(number) {
  chosen = number;
  [...list.children].forEach((line, at) => line.setAttribute("aria-selected", String(at === number)));
  list.children[number]?.scrollIntoView({ block: "nearest" });
  if (list.hidden) field.removeAttribute("aria-activedescendant");
  else field.setAttribute("aria-activedescendant", `item-${number}`);
}

function accept(item) {
  if (!item) return;
  const after = item.kind === "namespace" ? "" : " ";
  field.setRangeText(item.insert + after, offered.start, offered.end, "end");
  changed();
}

field.addEventListener("keydown", (event) => {
  const count = offered.items.length;
  if (event.ctrlKey && event.key === " ") complete(true);
  else if (list.hidden) return;
  else if (event.key === "ArrowDown") choose((chosen + 1) % count);
  else if (event.key === "ArrowUp") choose((chosen + count - 1) % count);
  else if (event.key === "Enter" || event.key === "Tab") answered.then(() => accept(offered.items[chosen]));
  else if (event.key === "Escape") show([]);
  else return;
  event.preventDefault();
});
field.addEventListener("blur", () => show([]));

// ── marks and fixes ─────────────────────────────────────────────────────────────────────────────────────────────────

const check = newest("check", showProblems);

function showProblems(found) {
  const text = field.value, pieces = [];
  let done = 0;
  for (const one of found.toSorted((a, b) => a.start - b.start)) {
    const start = Math.max(one.start, done), end = Math.max(one.end, start);
    pieces.push(text.slice(done, start), element("mark", { className: one.severity }, text.slice(start, end)));
    done = end;
  }
  marks.replaceChildren(...pieces, text.slice(done));
  problems.replaceChildren(...found.map((one) => element("li", {}, one.message, ...one.fixes.map((fix) => {
    const button = element("button", { type: "button" }, fix.title);
    button.addEventListener("click", () => apply(fix.edits));
    return button;
  }))));
}

function apply(edits) {
  // from the last to the first, so that the offsets of those before stay true
  for (const edit of edits.toSorted((a, b) => b.start - a.start)) field.setRangeText(edit.text, edit.start, edit.end);
  changed();
  field.focus();
}

// ── the form ────────────────────────────────────────────────────────────────────────────────────────────────────────

function changed() {
  complete();
  check({ text: field.value });
}

field.addEventListener("input", changed);
field.addEventListener("scroll", () => { marks.scrollTop = field.scrollTop; });
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { ok, answer } = await send("PUT", `segments/${encodeURIComponent(name.value)}`, { text: field.value });
  saved.textContent = ok ? `${answer.text}\n${JSON.stringify(answer.filters, null, 2)}` : "It is not saved.";
  if (ok) field.value = answer.text;
  if (ok || Array.isArray(answer.detail)) showProblems(ok ? [] : answer.detail);
});
