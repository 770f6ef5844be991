import type * as Library from '@nestjs/swagger';

type Swagger = typeof Library;
type Decorators =
  | 'ApiBearerAuth'
  | 'ApiExcludeController'
  | 'ApiExtraModels'
  | 'ApiOperation'
  | 'ApiProduces'
  | 'ApiProperty'
  | 'ApiPropertyOptional'
  | 'ApiResponse'
  | 'ApiTags';

type PropertyOptions = Parameters<Swagger['ApiProperty']>[0];
type RequiredName<Owner> = {
  [Name in keyof Owner]-?: Owner extends Required<Pick<Owner, Name>> ? Name : never;
};
type OptionalName<Owner> = {
  [Name in keyof Owner]-?: Owner extends Required<Pick<Owner, Name>> ? never : Name;
};
type OnRequired = <Owner extends object>(owner: Owner, name: RequiredName<Owner>[keyof Owner]) => void;
type OnOptional = <Owner extends object>(owner: Owner, name: OptionalName<Owner>[keyof Owner]) => void;
type Holding<Name extends PropertyKey, Word> = Readonly<Partial<Record<Name, Word>>>;
type OnRequiredWord<Word> = <Owner extends object, Name extends RequiredName<Owner>[keyof Owner]>(
  owner: Owner & Holding<Name, Word>,
  name: Name,
) => void;
type OnOptionalWord<Word> = <Owner extends object, Name extends OptionalName<Owner>[keyof Owner]>(
  owner: Owner & Holding<Name, Word>,
  name: Name,
) => void;

const notes: ((swagger: Swagger) => void)[] = [];

/**
 * The decorators of @nestjs/swagger, which here only note down what they are given. The description is written when the
 * code is changed (`npm run openapi`) and served as it was written, so a process at work never reads the 500 files of
 * that library, a sixth of all it would load (docs/adr/0016-the-api-description-is-a-file.md).
 */
export const ApiBearerAuth = noted('ApiBearerAuth');
export const ApiExcludeController = noted('ApiExcludeController');
export const ApiExtraModels = noted('ApiExtraModels');
export const ApiOperation = noted('ApiOperation');
export const ApiProduces = noted('ApiProduces');
/** For a field that is always there: the compiler refuses it on one that may be absent. */
export const ApiProperty = noted('ApiProperty') as (options?: PropertyOptions) => OnRequired;
/** For a field that may be absent: the compiler refuses it on one that is always there. */
export const ApiPropertyOptional = noted('ApiPropertyOptional') as (options?: PropertyOptions) => OnOptional;
export const ApiResponse = noted('ApiResponse');
export const ApiTags = noted('ApiTags');

/** A field that holds one of these words; the compiler refuses it on a field that may hold any other. */
export function ApiOneOf<const Word extends string>(
  words: readonly Word[],
  options: PropertyOptions = {},
): OnRequiredWord<Word> {
  return ApiProperty({ ...options, enum: [...words] }) as OnRequiredWord<Word>; // notes owner and name
}

/** The same for a field that may be absent. */
export function ApiOptionalOneOf<const Word extends string>(
  words: readonly Word[],
  options: PropertyOptions = {},
): OnOptionalWord<Word> {
  return ApiPropertyOptional({ ...options, enum: [...words] }) as OnOptionalWord<Word>; // likewise
}

/** Hands what was noted to the library, each note once, in the order in which the code was read. */
export function describeTo(swagger: Swagger): void {
  for (const note of notes.splice(0)) note(swagger);
}

function noted<Name extends Decorators>(name: Name): Swagger[Name] {
  const decorator = (...options: never[]) => {
    return (...target: never[]): void => {
      notes.push((swagger) => {
        const describe = swagger[name] as (...options: never[]) => (...target: never[]) => void; // any of its decorators
        describe(...options)(...target);
      });
    };
  };
  return decorator as Swagger[Name]; // takes what that one takes, and returns a decorator of any kind
}
