/** What a script can tell from the exit code; printed by `dsr --help`. */
export const EXIT = {
  done: 0,
  fault: 1,
  usage: 2,
  notFound: 3,
  refusedByRule: 4,
  waitsForPerson: 5,
  notErased: 6,
  notVerified: 7,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODE_HELP = `Exit codes:
  0  done (also: the same identities are already in an open request)
  1  fault: the system failed or cannot be reached
  2  usage: something typed cannot be understood
  3  not found: no such request or wait
  4  refused by a rule: already answered, not an option, not your role, not closed yet
  5  watch: it waits for a person
  6  watch: closed without everything erased (refused, cancelled, partly erased)
  7  verify: something is not as it was written or signed, or is about somebody else`;
