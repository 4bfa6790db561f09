// The machine's clock is wrong by FAULT_SHIFT_MS, for this process only.
const shift = Number(process.env.FAULT_SHIFT_MS)
const Real = Date
globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length) super(...given)
    else super(Real.now() + shift)
  }
  static now() {
    return Real.now() + shift
  }
}
