import htm from 'htm';
import { type ComponentChildren, h, type VNode } from 'preact';

/** Creates elements from a template, without a build step. */
export const html = (htm as unknown as { bind(create: typeof h): Template }).bind(h);

type Template = (strings: TemplateStringsArray, ...values: unknown[]) => VNode;

export type Children = ComponentChildren;
