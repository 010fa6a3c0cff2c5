/**
 * Remembers what was worked out for one subject: the last one. Projects are read and judged one after the other, so that is enough,
 * and unlike a WeakMap it does not keep a finished project alive until the next full garbage collection (a third of all collection time
 * over a thousand templates).
 */
export class LastOnly<Subject extends object, Value> {
  #subject: Subject | undefined;
  #value: Value | undefined;

  get(subject: Subject): Value | undefined {
    return subject === this.#subject ? this.#value : undefined;
  }

  set(subject: Subject, value: Value): void {
    this.#subject = subject;
    this.#value = value;
  }
}
