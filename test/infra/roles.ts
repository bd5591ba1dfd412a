import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

export interface Allowed {
  actions: string[];
  /** As text, with intrinsic functions as JSON: enough to see what they point at. */
  resources: string[];
  condition: string;
}

interface Document {
  Statement: Record<string, unknown>[];
}
interface Role {
  Type: string;
  Properties: {
    Policies?: { PolicyDocument: Document }[];
    ManagedPolicyArns?: { Ref: string }[];
  };
}

/** What the role of each function may do, by its place in the stack (`desk/decide`). */
export const rolesOf = (stack: Stack): Map<string, Allowed[]> => statementsOf(stack, 'Allow');

/** What it may not, whatever else allows it: the resources are those to which the no does not extend. */
export const refusalsOf = (stack: Stack): Map<string, Allowed[]> => statementsOf(stack, 'Deny');

function statementsOf(stack: Stack, effect: 'Allow' | 'Deny'): Map<string, Allowed[]> {
  const { Resources } = Template.fromStack(stack).toJSON();
  const places = stack.node
    .findAll()
    .filter(({ node }) => node.id === 'Role' && node.scope?.node.tryFindChild('Function'));
  return new Map(
    places.map((place) => {
      const id = stack.getLogicalId(place.node.defaultChild as never);
      const role = Resources[id] as Role;
      const shared = (role.Properties.ManagedPolicyArns ?? []).map(
        ({ Ref }) => Resources[Ref].Properties.PolicyDocument as Document,
      );
      return [
        place.node.path.split('/').slice(1, -1).join('/'),
        statementsIn([...ownOf(role), ...shared], effect),
      ];
    }),
  );
}

const ownOf = ({ Properties }: Role): Document[] =>
  (Properties.Policies ?? []).map(({ PolicyDocument }) => PolicyDocument);

const statementsIn = (documents: Document[], effect: 'Allow' | 'Deny'): Allowed[] =>
  documents
    .flatMap(({ Statement }) => Statement)
    .filter(({ Effect }) => Effect === effect)
    .map(({ Action, Resource, NotResource, Condition }) => ({
      actions: [Action].flat() as string[],
      resources: [effect === 'Allow' ? Resource : NotResource]
        .flat()
        .map((resource) => JSON.stringify(resource)),
      condition: JSON.stringify(Condition ?? {}),
    }));
