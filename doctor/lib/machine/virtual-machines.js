// Virtual machines by what their firmware calls itself. A Windows that has Hyper-V switched on is not one by that.

const KNOWN = [
  ['Hyper-V', /^Microsoft Corporation Virtual Machine/i],
  ['VMware', /vmware/i],
  ['VirtualBox', /innotek|virtualbox/i],
  ['KVM or QEMU', /qemu|\bkvm\b|red hat|proxmox/i],
  ['Parallels', /parallels/i],
  ['Xen', /\bxen\b/i],
  ['Amazon EC2', /amazon ec2/i],
  ['Google Compute Engine', /google compute engine/i],
  ['bhyve', /bhyve/i],
];

/** The name of the virtual machine; undefined for a machine that calls itself something else. */
export function virtualMachineOf(maker = '', product = '') {
  const text = `${maker} ${product}`;
  return KNOWN.find(([, pattern]) => pattern.test(text))?.[0];
}
