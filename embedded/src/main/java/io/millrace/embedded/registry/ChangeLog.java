package io.millrace.embedded.registry;

import java.util.List;

/** Where changes are kept. */
interface ChangeLog {
  /** All changes ever written, in order, without what compaction has removed. */
  List<Change> readAll();

  /**
   * Returns once the change is safe; throws a {@link RegistryError} where that is not certain,
   * after which the change may be there or not.
   */
  void append(Change change);
}
