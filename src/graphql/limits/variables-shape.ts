type Variables = Readonly<Record<string, unknown>>;

/**
 * Describes everything about variables that an operation's measures can depend on: numbers, booleans, nulls, names and
 * lengths of lists, but no string contents. Null when the description exceeds `lengthMax` characters.
 */
export function shapeOf(variables: Variables, lengthMax: number): string | null {
  let shape = '';

  /** Returns whether the value fitted. Stops early, so that deep and long values cost no more than short ones. */
  function write(value: unknown): boolean {
    if (shape.length > lengthMax) return false;
    if (Array.isArray(value)) {
      shape += '[';
      if (!value.every(write)) return false;
      shape += ']';
      return true;
    }
    if (typeof value === 'object' && value !== null) {
      shape += '{';
      for (const [name, inner] of Object.entries(value)) {
        shape += `${JSON.stringify(name)}:`;
        if (!write(inner)) return false;
      }
      shape += '}';
      return true;
    }
    shape += typeof value === 'string' ? 's,' : `${String(value)},`;
    return shape.length <= lengthMax;
  }

  return write(variables) && shape.length <= lengthMax ? shape : null;
}
