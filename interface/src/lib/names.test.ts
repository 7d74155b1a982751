import { expect, test } from "vitest";
import { freeName, nameFrom, numbered } from "./names";

test("a name is made of the words that tell something, and is free", () => {
  expect(nameFrom("The reply of the other side", new Set())).toBe("reply_other_side");
  expect(nameFrom("Élan, l’été", new Set())).toBe("elan_lete");
  expect(nameFrom("The offer", new Set(["offer"]))).toBe("offer_2");
  expect(nameFrom("Log", new Set())).toBe("log_1");
  expect([nameFrom("交渉", new Set()), nameFrom("2031", new Set()), nameFrom("", new Set())]).toEqual([null, null, null]);
  expect(numbered("decision", new Set(["decision_1"]))).toBe("decision_2");
});

test("what has no letter that a name can have is named after what it is", () => {
  expect([freeName("北京", new Set(), "player"), freeName("北京", new Set(["player"]), "player"), freeName("Élysée", new Set(["elysee"]), "player")]).toEqual(["player", "player_1", "elysee_2"]);
});
