// The form of security descriptors in SDDL, so that what is none is rejected. Who may use what is not simulated.

const SID = '(?:[A-Z]{2}|S-1(?:-\\d+)+)';
const ACE = `\\([A-Z]*;[A-Z]*;(?:[A-Z]*|0[xX][0-9a-fA-F]+);[^;()]*;[^;()]*;(?:${SID})?(?:;[^()]*)?\\)`;

export const SDDL = new RegExp(`^(?=.)(?:O:${SID})?(?:G:${SID})?(?:D:(?:P|A[IR])*(?:${ACE})*)?(?:S:(?:P|A[IR])*(?:${ACE})*)?$`);
