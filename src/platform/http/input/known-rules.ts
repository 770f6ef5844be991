import { getMetadataStorage } from 'class-validator';

/**
 * class-validator goes through the rules of every class there is, to find those of the one object it checks, and again
 * for the next. Rules come from decorators and are complete when the first object comes: each class is looked up once.
 * With eighty classes the look took more than all the checks of one object.
 */
export function rememberRules(): void {
  const storage = getMetadataStorage();
  const lookUp = storage.getTargetValidationMetadatas.bind(storage);
  const known = new Map<unknown, ReturnType<typeof lookUp>>();
  storage.getTargetValidationMetadatas = (target, schema, always, strictGroups, groups) => {
    const isPlain = !schema && !always && !strictGroups && groups === undefined;
    const found = isPlain ? known.get(target) : undefined;
    if (found) return found;
    const rules = lookUp(target, schema, always, strictGroups, groups);
    if (isPlain) known.set(target, rules);
    return rules;
  };
}
