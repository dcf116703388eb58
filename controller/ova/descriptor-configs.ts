// The vmw:Config keys of a descriptor that may be set, and to what: what a boot image needs, and nothing that opens the host to the guest.

const truth = /^(true|false)$/;
const number = /^\d{1,9}$/;
const powerOperation = /^(soft|hard|preset|checkpoint)$/;

/** Of the virtual machine and of its devices; a key that is not here is refused. */
export const configs = new Map<string, RegExp>([
  // The virtual machine's
  ["bootOptions.efiSecureBootEnabled", truth],
  ["cpuHotAddEnabled", truth],
  ["cpuHotRemoveEnabled", truth],
  ["memoryHotAddEnabled", truth],
  ["firmware", /^(bios|efi)$/],
  ["powerOpInfo.powerOffType", powerOperation],
  ["powerOpInfo.resetType", powerOperation],
  ["powerOpInfo.suspendType", powerOperation],
  ["powerOpInfo.standbyAction", /^(checkpoint|powerOnSuspend)$/],
  ["tools.afterPowerOn", truth],
  ["tools.afterResume", truth],
  ["tools.beforeGuestShutdown", truth],
  ["tools.beforeGuestStandby", truth],
  ["tools.syncTimeWithHost", truth],
  ["tools.toolsUpgradePolicy", /^manual$/],
  // Its devices'
  ["allowUnrestrictedCommunication", /^false$/],
  ["backing.writeThrough", truth],
  ["connectable.allowGuestControl", truth],
  ["enable3DSupport", /^false$/],
  ["graphicsMemorySizeInKB", number],
  ["slotInfo.pciSlotNumber", number],
  ["useAutoDetect", truth],
  ["videoRamSizeInKB", number],
  ["wakeOnLanEnabled", truth],
]);
