// The recorder sees what vCenter would refuse, and the room that it stands in does not close in silence over it.
import { expect, test } from "vitest";
import { element } from "../../controller/vsphere/element.ts";
import { openSession } from "../../controller/vsphere/session.ts";
import { openEngineRoom } from "./engine-room.ts";

const wrong = "Rename_Task: RenameRequestType.oldName does not exist, or stands too late";

test("a request that is not as the API has it fails the close of the room, unless it was meant", async () => {
  for (const meant of [false, true]) {
    const room = await openEngineRoom();
    const recorder = await room.record();
    const session = await openSession({ ...room.access, url: recorder.url }, room.context);
    const on = { type: "Folder", value: "group-d1" };
    await session.call("Rename_Task", { on, fields: [element("oldName", "a"), element("newName", "b")] });
    await session.close();
    recorder.requests.length = 0;
    const faults = [...recorder.faults];
    if (meant) recorder.faults.length = 0;
    const closed = await room.close().then(() => "in silence", String);
    expect(faults).toEqual([wrong]);
    expect(closed).toEqual(meant ? "in silence" : expect.stringContaining(wrong));
  }
});
