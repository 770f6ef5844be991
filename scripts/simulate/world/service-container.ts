import 'reflect-metadata';
import {
  MODULE_METADATA,
  PARAMTYPES_METADATA,
  SELF_DECLARED_DEPS_METADATA,
} from '@nestjs/common/constants.js';
import type { Abstract, FactoryProvider, Provider, Type } from '@nestjs/common';

type Token = unknown;

/**
 * Builds classes as Nest does, from the metadata of the real modules, but at once and without its life cycle: a
 * simulated process is started hundreds of times, and nothing may happen outside of the scheduler.
 */
export class ServiceContainer {
  private readonly makers = new Map<Token, () => unknown>();
  private readonly made = new Map<Token, unknown>();

  addModule(module: Type): void {
    const providers = (Reflect.getMetadata(MODULE_METADATA.PROVIDERS, module) ?? []) as Provider[]; // @Module wrote it
    for (const provider of providers) if (isFactory(provider)) this.addFactory(provider);
  }

  provide(token: Token, instance: unknown): void {
    this.made.set(token, instance);
  }

  provideBy(token: Token, make: () => unknown): void {
    this.made.delete(token);
    this.makers.set(token, make);
  }

  get<T>(token: Type<T> | Abstract<T>): T {
    return this.find(token) as T; // made by its own class, or provided in its place
  }

  /** A class itself, also when something else is provided in its place. */
  build<T>(type: Type<T>): T {
    const named = (Reflect.getMetadata(SELF_DECLARED_DEPS_METADATA, type) ?? []) as NamedDependency[]; // @Inject wrote it
    const types = (Reflect.getMetadata(PARAMTYPES_METADATA, type) ?? []) as Token[]; // the compiler wrote it
    const tokens = types.map((token, at) => named.find(({ index }) => index === at)?.param ?? token);
    return new type(...tokens.map((token) => this.find(token)));
  }

  private addFactory({ provide, inject = [], useFactory }: FactoryProvider): void {
    this.makers.set(provide, () => useFactory(...inject.map((token) => this.find(token))) as unknown);
  }

  private find(token: Token): unknown {
    if (!this.made.has(token)) {
      const make = this.makers.get(token);
      if (!make && !isClass(token)) throw new Error(`nothing is provided for ${String(token)}`);
      this.made.set(token, make ? make() : this.build(token as Type)); // checked above
    }
    return this.made.get(token);
  }
}

interface NamedDependency {
  readonly index: number;
  readonly param: Token;
}

function isFactory(provider: Provider): provider is FactoryProvider {
  return typeof provider === 'object' && 'useFactory' in provider;
}

/** The compiler writes `Object` for a type that is not a class. */
function isClass(token: Token): token is Type {
  return typeof token === 'function' && token !== Object;
}
