// Saves markings in the background, one request at a time for each answer, and again until the server has them.
// What is not confirmed is also kept in this browser, so that closing the window loses nothing.

const AGAIN_MS = [300, 700, 1500, 3000, 5000];
const LATER_MS = 600;
const MOST_TRIED = 30;

export const same = (one, other) =>
  one.adjustment === other.adjustment && one.comment === other.comment &&
  one.items.length === other.items.length && one.items.every(item => other.items.includes(item));

// What to do about an answer of the server that gives no reason itself.
export const because = status => `the server says ${status}: open the address in the terminal again`;

export class Saver {
  // `told(state, message)` hears "saved", "saving" or "failed"; `confirmed(answer, marking, reply)` what was saved;
  // `refused(answer, current, message)` that somebody else was faster, or that the server cannot take the marking.
  constructor(place, { told, confirmed, refused, problem }) {
    this.place = place;
    this.told = told;
    this.confirmed = confirmed;
    this.refused = refused;
    this.problem = problem;
    this.waiting = new Map();
    for (const key of this.keys()) {
      try {
        const kept = JSON.parse(localStorage.getItem(key));
        this.waiting.set(kept.answer, { ...kept, busy: false, failures: 0, stopped: "" });
      } catch {
        localStorage.removeItem(key);
      }
    }
  }

  keys() {
    return Object.keys(localStorage).filter(key => key.startsWith(`${this.place}/`));
  }

  begin() {
    for (const answer of this.waiting.keys()) this.send(answer);
    this.tell();
  }

  // What this browser wants saved of an answer and the server has not confirmed.
  unsaved(answer) {
    return this.waiting.get(answer)?.marking;
  }

  stopped(answer) {
    return this.waiting.get(answer)?.stopped || "";
  }

  get answers() {
    return [...this.waiting.keys()];
  }

  get count() {
    return this.waiting.size;
  }

  // `later` waits for the next letter; it is kept in this browser at once.
  set(answer, marking, base, later = false) {
    const one = this.waiting.get(answer) ?? { answer, base, tried: [], busy: false, failures: 0, stopped: "" };
    one.marking = marking;
    if (one.stopped === "wrong") one.stopped = "";
    this.waiting.set(answer, one);
    this.keep(one);
    clearTimeout(one.timer);
    one.timer = later ? setTimeout(() => { one.timer = 0; this.send(answer); }, LATER_MS) : 0;
    if (!later) this.send(answer);
    this.tell();
  }

  // What waits for the next letter is sent now.
  hurry() {
    for (const [answer, one] of this.waiting) {
      if (!one.timer) continue;
      clearTimeout(one.timer);
      one.timer = 0;
      this.send(answer);
    }
  }

  // After somebody else was faster: ours in place of theirs, or theirs.
  insist(answer, base) {
    const one = this.waiting.get(answer);
    if (!one) return;
    Object.assign(one, { base, stopped: "", failures: 0 });
    this.keep(one);
    this.send(answer);
    this.tell();
  }

  drop(answer) {
    this.waiting.delete(answer);
    localStorage.removeItem(`${this.place}/${answer}`);
    this.tell();
  }

  keep({ answer, marking, base, tried }) {
    try {
      localStorage.setItem(`${this.place}/${answer}`, JSON.stringify({ answer, marking, base, tried }));
    } catch {
      // A full or forbidden store: the marking is still in memory, and the status says that it is not saved.
    }
  }

  async send(answer) {
    const one = this.waiting.get(answer);
    if (!one || one.busy || one.stopped || one.timer) return;
    one.busy = true;
    const marking = one.marking;
    if (!one.tried.some(each => same(each, marking))) one.tried = [...one.tried, marking].slice(-MOST_TRIED);
    this.keep(one);
    let reply = null, body = {};
    try {
      reply = await fetch("/api/save", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ answer, ...marking, base: one.base, tried: one.tried }),
        signal: AbortSignal.timeout(20000),
      });
      body = await reply.json();
    } catch {
      if (reply?.ok) reply = null;  // cut off: whether it is saved is not known
    }
    one.busy = false;
    if (reply?.ok) {
      Object.assign(one, { base: body.entry, tried: [], failures: 0 });
      if (same(one.marking, marking)) this.drop(answer);
      else this.keep(one);
      this.confirmed(answer, marking, body);
      this.send(answer);
    } else if (reply?.status === 409) {
      Object.assign(one, { stopped: "conflict", failures: 0 });
      this.refused(answer, body.current, body.wrong);
    } else if (body.wrong && [404, 413, 422].includes(reply?.status)) {
      one.tried = one.tried.filter(each => !same(each, marking));  // it is not saved, and would be refused again
      Object.assign(one, { stopped: same(one.marking, marking) ? "wrong" : "", failures: 0 });
      this.keep(one);
      this.problem(answer, body.wrong);
      this.send(answer);
    } else {
      one.failures += 1;
      one.why = body.wrong ?? (reply ? because(reply.status) : "the server does not answer");
      setTimeout(() => this.send(answer), AGAIN_MS[Math.min(one.failures, AGAIN_MS.length) - 1]);
    }
    this.tell();
  }

  tell() {
    const all = [...this.waiting.values()];
    const failed = all.find(one => one.failures > 0);
    const stopped = all.filter(one => one.stopped);
    const many = all.length > 1 ? ` (${all.length})` : "";
    if (failed) this.told("failed", `NOT saved – will try again${many}`, failed.why);
    else if (stopped.length) this.told("failed", `NOT saved – look at ${stopped.length === 1 ? "it" : "them"}${many}`, "");
    else if (all.length) this.told("saving", `saving${many}`, "");
    else this.told("saved", "saved", "");
  }
}
