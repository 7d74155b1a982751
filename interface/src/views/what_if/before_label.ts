// What the side without the change is called: "as it is" only where it is the forecast given the whole record.
import type { WhatIf } from "../../lib/answers";

export function beforeLabel(whatIf: WhatIf): string {
  return whatIf.before_label ?? (whatIf.record_before === null ? "as it is" : "as it looked before the change");
}
