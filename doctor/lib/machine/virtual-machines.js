// Recognises virtual machines by the names in their firmware. A Windows host with Hyper-V enabled is not one of them.

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

/** The name of the virtual machine; undefined for any other machine. */
export function virtualMachineOf(maker = '', product = '') {
  const text = `${maker} ${product}`;
  return KNOWN.find(([, pattern]) => pattern.test(text))?.[0];
}
