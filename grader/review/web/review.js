// One answer at a time: shows it, takes marks by keys, buttons and fields, and hands them to the saver at once.

import { $, element, fill, pages, put, say, seconds } from "./page.js";
import { Saver, because, same } from "./saving.js";

const LOOK_MS = 3000, CLAIM_MS = 60000, KEPT = 60, PASSING_MS = 60;
const EMPTY = { items: [], adjustment: "", comment: "" };

const pageName = sessionStorage.getItem("page") ?? crypto.randomUUID();
sessionStorage.setItem("page", pageName);

let start, saver, current = null, shown = false, newest = -1, wanted = null, confirmations = 0;
let marks = {}, claims = {}, graders = [], questions = new Map(), tasks = new Map(), order = [];
let turns = 0, going = false, awaited = "";  // `awaited` is the field that was asked for before its answer was there
const fetched = new Map(), conflicts = new Map(), problems = new Map();

async function ask(address, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const reply = await fetch(address, { ...options, signal: AbortSignal.timeout(30000) });
  if (!reply.ok) throw new Error((await reply.json().catch(() => ({}))).wrong ?? because(reply.status));
  return reply.json();
}

const pause = ms => new Promise(done => setTimeout(done, ms));

// Of an answer: what is not saved yet, or else what is in the book.
const markingOf = id => saver.unsaved(id) ?? (marks[id] ? pick(marks[id]) : EMPTY);
const pick = ({ items, adjustment, comment }) => ({ items, adjustment, comment });
const isAsked = id => questionOf(id) !== undefined;  // a question may leave the rubric while the page is open
const isOpen = id => isAsked(id) && !isMarked(id);
const isMarked = id => id in marks || saver.unsaved(id) !== undefined;
const isUndecided = id => saver.stopped(id) === "conflict";
const isTyping = () => document.activeElement?.matches("textarea, input:not([type=checkbox])") ?? false;
const questionOf = id => questions.get(tasks.get(id).question);

// Points

function fraction(text) {
  const plain = text.trim().replace(",", ".").replace("−", "-").replace(/^\+/, "");
  if (!plain) return 0;
  if (!/^-?(\d+(\.\d+)?|\.\d+|\d+\/0*[1-9]\d*)$/.test(plain)) return null;
  const [over, under] = plain.split("/");
  return Number(over) / Number(under ?? 1);
}

function pointsOf(id, marking) {
  const question = questionOf(id), adjustment = fraction(marking.adjustment);
  if (adjustment === null || !question) return null;
  const worth = new Map(question.items.map(item => [item.id, fraction(item.value)]));
  if (marking.items.some(item => !worth.has(item))) return null;
  const sum = marking.items.reduce((all, item) => all + worth.get(item), adjustment);
  return Math.max(Number(question.floor), Math.min(Number(question.points), sum));
}

const told = points => points === null ? "?" : String(Math.round(points * 1e6) / 1e6);

// Showing

async function open(id, quietly = false) {
  saver.hurry();
  turns += 1;
  going = false;
  wanted = id;
  let answer = fetched.get(id);
  const elsewhere = id !== current;
  if (elsewhere) {
    if (isTyping()) document.activeElement.blur();  // what stands in a field belongs to the answer before
    awaited = "";
    current = id;
    shown = false;
    show();
  }
  if (!answer) await pause(PASSING_MS);  // who goes on at once does not want this one
  for (let tries = 0; !answer && wanted === id; tries++) {
    try {
      answer = await ask(`/answer/${id}`);
      remember(id, answer);
    } catch (error) {
      if (wanted !== id) return;
      fill($("answer"), element("p", { className: "absent" }, `The answer cannot be fetched: ${error.message}. Trying again.`));
      await pause(Math.min(500 * (tries + 1), 4000));
    }
  }
  if (wanted !== id) return;
  showAnswer(answer);
  shown = true;
  show();
  history.replaceState(null, "", `#${id}`);
  if (awaited) write(awaited);
  else if (!quietly && (elsewhere || !isTyping())) $("where").focus();
  claim();
  ahead(id);
}

function remember(id, answer) {
  fetched.set(id, answer);
  if (fetched.size > KEPT) fetched.delete(fetched.keys().next().value);
}

// The answers that come next, so that they are there at once.
async function ahead(id) {
  const at = order.indexOf(id);
  const following = order.slice(at + 1).find(isOpen);
  for (const next of new Set([order[at + 1], following])) {
    if (!next || fetched.has(next) || wanted !== id) continue;
    try {
      remember(next, await ask(`/answer/${next}`));
    } catch {
      return;
    }
  }
}

function showAnswer(answer) {
  put($("answer"), answer.html);
  if (answer.state !== "written") {
    const why = answer.state === "nothing" ? "Nothing was handed in." : "Nothing is written here: this is as it was handed out.";
    $("answer").prepend(element("p", { className: "nothing" }, why, " ", element("kbd", {}, "z"), " gives zero."));
  }
  $("answer").querySelectorAll("section.pdf").forEach(pages);
  put($("letters"), answer.typed);
  $("typed").hidden = !answer.typed;
  put($("asked"), answer.asks);
  $("asks").hidden = !answer.asks;
  const wrong = answer.wrong.length ? [`checks found something wrong in problem ${answer.wrong.join(", ")}`] : [];
  const behind = answer.behind ? [`explains problem ${answer.behind}`] : [];
  fill($("notes"), ...[...answer.notes, ...wrong, ...behind].map(note => element("li", {}, note)));
}

function show() {
  if (!current) return;
  const task = tasks.get(current), question = questionOf(current);
  const own = start.by === "student" ? order : order.filter(id => tasks.get(id).question === task.question);
  $("where").textContent = `${task.question}. ${question?.title ?? "Not in the rubric any more"}: answer ${own.indexOf(current) + 1} of ${own.length}`;
  const other = claims[current];
  const busy = other && other !== start.who ? `${other} looks at this answer, too.` : "";
  fill($("whose"), [task.student, busy].filter(Boolean).join(" · "));
  if (!shown && !fetched.has(current)) {
    fill($("answer"), element("p", {}, "being fetched …"));
    fill($("notes"));
  }
  showItems(question);
  showMarking(true);
  showQuestions();
}

function showItems(question) {
  if (!question) {
    fill($("items"), element("p", {}, "This question left the rubric, so it is not marked any more. Go on with the next answer."));
    fill($("comments"));
    $("used").hidden = true;
    return;
  }
  const rows = question.items.map(item => {
    const box = element("input", { type: "checkbox", id: `item-${item.id}`, value: item.id });
    box.addEventListener("change", () => toggle(item.id, box.checked));
    const worth = element("span", { className: item.points.startsWith("-") ? "worth minus" : "worth" }, item.points);
    return element("label", { className: "item", htmlFor: box.id }, box, worth, element("span", {}, item.text), element("kbd", {}, item.key));
  });
  const focused = document.activeElement?.id;
  fill($("items"), ...rows);
  if (focused?.startsWith("item-")) $(focused)?.focus();
  const used = question.comments.map(text => {
    const button = element("button", { type: "button" }, text);
    button.addEventListener("click", () => addComment(text));
    return element("li", {}, button);
  });
  fill($("comments"), ...used);
  $("used").hidden = !used.length;
}

function showMarking(fields) {
  const marking = markingOf(current), question = questionOf(current);
  // Nobody marks what is not shown, and nothing that is typed meanwhile is lost.
  // Once somebody else was faster, only texts can still be written: a field that has the focus keeps it.
  for (const field of $("marking").querySelectorAll("#adjustment, textarea")) field.disabled = !shown || !question;
  for (const field of $("marking").querySelectorAll("[type=checkbox], [data-does=zero], [data-does=done]")) field.disabled = !shown || !question || isUndecided(current);
  for (const box of $("items").querySelectorAll("input")) box.checked = marking.items.includes(box.value);
  if (fields && document.activeElement !== $("adjustment")) $("adjustment").value = marking.adjustment;
  if (fields && document.activeElement !== $("comment")) $("comment").value = marking.comment;
  const points = pointsOf(current, marking);
  if (!question) $("given").textContent = "–";
  else $("given").textContent = isMarked(current) ? `${told(points)} of ${question.points} points` : `– of ${question.points} points`;
  const by = saver.unsaved(current) ? "" : marks[current]?.who;
  const lacks = marks[current]?.lacks && !saver.unsaved(current) ? ` ${marks[current].lacks}` : "";
  $("marked-by").textContent = (by ? `Marked by ${by}.` : isMarked(current) || !question ? "" : "Not marked yet.") + lacks;
  $("wrong").textContent = points === null && fraction(marking.adjustment) === null ? "The adjustment is no number: write 0.5, -1 or 1/3."
    : question && saver.stopped(current) === "wrong" ? problems.get(current) ?? "" : "";
  showConflict();
}

function showQuestions() {
  const counts = new Map([...questions.keys()].map(id => [id, [0, 0]]));
  for (const id of order) {
    const count = counts.get(tasks.get(id).question);
    if (!count) continue;
    count[1] += 1;
    count[0] += isMarked(id);
  }
  const here = current && tasks.get(current).question;
  const buttons = [...counts].filter(([, [, all]]) => all).map(([id, [done, all]]) => {
    const button = element("button", { type: "button", title: questions.get(id).title }, `${id} `, element("small", {}, `${done}/${all}`));
    button.setAttribute("aria-current", id === here);
    button.setAttribute("aria-label", `${id}: ${done} of ${all} marked`);
    button.addEventListener("click", () => {
      const own = order.filter(each => tasks.get(each).question === id);
      open(own.find(isOpen) ?? own[0]);
    });
    return button;
  });
  const focused = [...$("questions").children].indexOf(document.activeElement);
  fill($("questions"), ...buttons);
  if (focused >= 0) $("questions").children[focused]?.focus();
  const all = order.filter(isAsked), left = all.filter(isOpen).length;
  $("left").textContent = left ? `${left} of ${all.length} answers are not marked yet.` : `All ${all.length} answers are marked.`;
}

function showGraders(graders) {
  const looking = new Set(Object.values(claims));
  fill($("graders"), ...graders.map(({ who, count, mean, apart, seconds: time }) => element("tr", {},
    element("th", { scope: "row" }, looking.has(who) ? `${who} (here now)` : who),
    element("td", {}, String(count)), element("td", {}, `${mean} %`),
    element("td", {}, apart === null ? "" : `${apart > 0 ? "+" : ""}${apart} %`), element("td", {}, seconds(time)))));
}

// Marking

function change(next, spoken, later = false) {
  if (!current || !shown || !isAsked(current)) return;
  const before = markingOf(current);
  if (same(before, next) && isMarked(current)) return;
  saver.set(current, next, marks[current]?.entry ?? "", later);
  showMarking(false);
  showQuestions();
  if (spoken) say(`${spoken}. ${$("given").textContent}.`);
}

function toggle(item, on) {
  if (isUndecided(current) || !isAsked(current)) return;
  const marking = markingOf(current), question = questionOf(current);
  const has = marking.items.includes(item), next = on ?? !has;
  const known = new Set(question.items.map(each => each.id));
  const items = marking.items.filter(each => each !== item && known.has(each));
  const text = question.items.find(each => each.id === item).text;
  change({ ...marking, items: next ? [...items, item].sort() : items }, `${text}: ${next ? "applies" : "does not apply"}`);
  showMarking(false);
}

// Letters are kept in this browser as they are typed, and sent when the next one takes a moment.
function typed() {
  change({ ...markingOf(current), adjustment: $("adjustment").value.trim(), comment: $("comment").value }, "", true);
}

function addComment(text) {
  const field = $("comment");
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n${text}` : text;
  typed();
  field.focus();
}

// Going elsewhere

function step(by) {
  const at = order.indexOf(current) + by;
  if (at < 0 || at >= order.length) say(by > 0 ? "This is the last answer." : "This is the first answer.");
  else open(order[at]);
}

async function following(kind) {
  const turn = ++turns;
  saver.hurry();
  going = true;
  const what = kind === "wrong" ? "unmarked answer of a student with a wrong check" : "unmarked answer";
  let found;
  try {
    found = await ask("/api/next", { after: current ?? "", kind, page: pageName });
  } catch {
    // The server is away: as far as this page knows.
    const at = order.indexOf(current), round = [...order.slice(at + 1), ...order.slice(0, at)];
    found = { answer: round.find(id => isOpen(id) && (kind !== "wrong" || tasks.get(id).wrong)) ?? null, busy: 0 };
  }
  if (turn !== turns) return;  // somebody went elsewhere meanwhile
  going = false;
  if (isTyping()) {
    say("You write here, so the page stays.");
    claim();
    return;
  }
  if (found.answer && saver.unsaved(found.answer) !== undefined) {
    // Marked here, and not saved yet: look further on from there.
    const at = order.indexOf(found.answer);
    found.answer = [...order.slice(at), ...order.slice(0, at)].find(id => isOpen(id) && (kind !== "wrong" || tasks.get(id).wrong)) ?? null;
  }
  if (found.answer) await open(found.answer);
  else say(found.busy ? `Others look at the last ${found.busy}.` : `There is no further ${what}.`);
  $("left").textContent = found.answer ? $("left").textContent : (found.busy ? `Others look at the last ${found.busy}.` : `There is no further ${what}.`);
}

function done() {
  if (isUndecided(current)) return;
  change(markingOf(current), "");
  following("ungraded");
}

function zero() {
  if (isUndecided(current)) return;
  change({ ...markingOf(current), items: [], adjustment: "" }, "Zero");
  showMarking(true);
}

// To a field; if its answer is still being fetched, once that is there.
function write(field) {
  const there = shown && isAsked(current);
  awaited = there ? "" : field;
  if (!there) {
    say(shown ? "This question is not marked any more. Escape leads back to the keys." : "The answer is being fetched.");
    return;
  }
  $(field).focus();
  if (field === "adjustment") $(field).select();
}

// To an answer whose marking waits for a decision: round from the one that is shown.
function decide() {
  const at = order.indexOf(current) + 1;
  const id = [...order.slice(at), ...order.slice(0, at)].find(each => saver.stopped(each));
  if (id && id !== current) open(id);
  else if (id) $($("conflict").hidden ? "marking" : "conflict").focus();
}

const DOES = {
  previous: () => step(-1), next: () => step(1), ungraded: () => following("ungraded"), wrong: () => following("wrong"),
  done, zero,
};
const COMMANDS = {
  n: DOES.next, p: DOES.previous, u: DOES.ungraded, w: DOES.wrong, g: done, z: zero,
  f: () => write("comment"), a: () => write("adjustment"), "?": () => $("keys").showModal(),
};

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || $("keys").open || !current) return;
  const field = event.target.closest?.("textarea, input:not([type=checkbox])");
  if (field) {
    if (event.key === "Escape" || (event.key === "Enter" && field.id === "adjustment")) {
      saver.hurry();
      event.preventDefault();
      $("where").focus();
    }
    return;
  }
  if (awaited) {  // letters of a text, and no commands
    if (event.key === "Escape") awaited = "";
    if (event.key.length === 1) event.preventDefault();
    return;
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const item = questionOf(current)?.items.find(each => each.key === key);
  if (!item && !COMMANDS[key]) return;
  event.preventDefault();
  if ((item || "gz".includes(key)) && going) return;  // meant for the answer that is still to come
  if ((item || "gz".includes(key)) && isUndecided(current)) {
    say("Somebody else marked this answer meanwhile. Decide first whose marking counts.");
    return;
  }
  if (item) toggle(item.id);
  else COMMANDS[key]();
}

// Others

// This may come at any moment: while another answer is shown, and while somebody types. So it leads nowhere, and no
// button gets the focus, which a space or Enter of a text would press.
function refused(id, theirs, message) {
  if (theirs?.entry) marks[id] = theirs;
  conflicts.set(id, { theirs, message });
  if (id !== current) return;
  showMarking(false);
  if (!isTyping() && !$("keys").open) $("conflict").focus();
}

// Somebody else was faster with this answer: both markings, and the choice. What cannot be saved any more is let go.
function showConflict() {
  const id = current, question = questionOf(id), isGone = !question && Boolean(saver.stopped(id));
  const open = isGone || (conflicts.has(id) && isUndecided(id));
  $("conflict").hidden = !open;
  if (!open) return;
  const { theirs, message } = conflicts.get(id) ?? { message: problems.get(id) };
  const texts = items => items.map(item => question?.items.find(each => each.id === item)?.text ?? item).join("; ") || "no item";
  const line = (who, marking) => `${who}: ${told(pointsOf(id, marking))} of ${question?.points ?? "?"} (${texts(marking.items)})${marking.comment ? ` “${marking.comment}”` : ""}`;
  const keep = element("button", { type: "button", id: "keep" }, isGone ? "Let mine go" : "Keep theirs");
  const replace = element("button", { type: "button", id: "replace" }, "Put mine in its place");
  const settle = () => { conflicts.delete(id); show(); $("where").focus(); };
  keep.addEventListener("click", () => { saver.drop(id); settle(); });
  replace.addEventListener("click", () => { saver.insist(id, theirs?.entry ?? ""); settle(); });
  const focused = document.activeElement?.id;
  fill($("conflict"),
    element("p", {}, element("strong", {}, theirs?.who ? `${theirs.who} marked this answer meanwhile.` : message)),
    theirs?.items ? element("p", {}, line(theirs.who, theirs)) : "",
    element("p", {}, line("You", saver.unsaved(id))), keep, " ", isGone ? "" : replace);
  if (focused === "keep" || focused === "replace") $(focused)?.focus();  // the same one, not the other
}

// The server was started again: what was handed in and what is asked may be others now.
async function restarted() {
  learn(await ask("/api/start"));
  fetched.clear();
  if (current && shown && wanted === current && !going) open(current, true);
}

async function look() {
  for (;;) {
    try {
      const before = confirmations;
      const found = await ask(`/api/changes?since=${newest}`);
      claims = found.claims;
      if (found.run !== start.run) await restarted();
      if (found.marks && before === confirmations) {  // else it may be older than what was saved since
        newest = found.newest;
        const entry = current && marks[current]?.entry;
        const mine = current && isTyping() ? marks[current] : undefined, other = found.marks[current];
        marks = found.marks;
        if (current && isTyping() && other && other.who !== start.who && other.entry !== mine?.entry) {
          // Who writes has not seen this: what is written replaces what was there before, or is refused.
          if (mine) marks[current] = mine;
          else delete marks[current];
          newest = -1;
        }
        questions = new Map(found.questions.map(question => [question.id, question]));
        graders = found.graders;
        if (current && marks[current]?.entry !== entry && saver.unsaved(current) === undefined && shown) {
          if (marks[current] && marks[current].who !== start.who) say(`${marks[current].who} marked this answer.`);
        }
        if (current) show();
      }
      showGraders(graders);
    } catch {
      // The saver says when the server is away.
    }
    await pause(LOOK_MS);
  }
}
async function claim() {
  if (!current || document.hidden) return;
  try {
    const found = await ask("/api/open", { answer: current, page: pageName });
    if (found.mine) delete claims[current];
    else claims[current] = found.who;
  } catch {
    return;
  }
  const other = claims[current];
  if (other) fill($("whose"), [tasks.get(current).student, `${other} looks at this answer, too.`].filter(Boolean).join(" · "));
}

function status(state, said, why) {
  if (saver?.answers.some(id => !order.includes(id) && saver.stopped(id))) why ||= "an answer of a review with other options. Start that one again";
  const place = $("saving"), text = why ? `${said}: ${why}` : said;
  if (place.dataset.state !== state || place.textContent !== text) {
    place.dataset.state = state;
    place.textContent = text;
  }
  const count = saver ? order.filter(id => saver.stopped(id)).length : 0;
  $("needs").hidden = !count;
  $("needs").textContent = count === 1 ? "1 answer needs you" : `${count} answers need you`;
}

function learn(told) {
  start = told;
  tasks = new Map([...tasks, ...start.tasks.map(task => [task.id, task])]);  // the one that is shown stays
  order = start.tasks.map(task => task.id);
  questions = new Map(start.questions.map(question => [question.id, question]));
  $("walls").textContent = start.walls;
  const lines = start.remarks.map(line => element("li", {}, line));
  fill($("remarks"), lines.length ? element("details", {}, element("summary", {}, `${lines.length} remarks on submissions`), element("ul", {}, ...lines)) : "");
}

async function begin() {
  for (let tries = 0; !start; tries++) {
    try {
      ({ marks, claims, newest, graders } = await ask("/api/changes?since=-1"));
      learn(await ask("/api/start"));
    } catch (error) {
      status("failed", `cannot load: ${error.message}`, "");
      await pause(Math.min(500 * (tries + 1), 4000));
    }
  }
  saver = new Saver(`review/${start.homework}/${start.who}`, {
    told: status,
    confirmed: (id, marking, { entry, points }) => {
      confirmations += 1;
      conflicts.delete(id);
      problems.delete(id);
      marks[id] = { ...marking, entry, points, who: start.who, lacks: "" };
      if (id === current) showMarking(false);
    },
    refused,
    problem: (id, message) => {
      problems.set(id, message);
      if (id === current) showMarking(false);
    },
  });
  showGraders(graders);
  saver.begin();
  document.addEventListener("keydown", pressed);
  $("adjustment").addEventListener("input", typed);
  $("comment").addEventListener("input", typed);
  $("marking").addEventListener("submit", event => event.preventDefault());
  $("needs").addEventListener("click", decide);
  $("show-keys").addEventListener("click", COMMANDS["?"]);
  for (const button of document.querySelectorAll("[data-does]")) button.addEventListener("click", DOES[button.dataset.does]);
  addEventListener("pagehide", () => saver.hurry());
  addEventListener("beforeunload", event => { saver.hurry(); if (saver.count) event.preventDefault(); });
  setInterval(claim, CLAIM_MS);
  look();
  const asked = location.hash.slice(1);
  if (tasks.has(asked)) await open(asked, true);
  else if (order.length) await open(order.find(isOpen) ?? order.find(isAsked) ?? order[0], true);
  else fill($("answer"), element("p", {}, "There are no answers to mark."));
}

begin();
