/** Moves the clock of this process by CLOCK_OFFSET_MS milliseconds; import it before all modules that read the clock. */
const offsetMs = Number(process.env.CLOCK_OFFSET_MS ?? 0);

const RealDate = Date;

const now = (): number => RealDate.now() + offsetMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, values, newTarget) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
  get: (target, member) => (member === 'now' ? now : Reflect.get(target, member)),
});
