package io.millrace.ingest.redrive;

/** Something that happens once, after a step of the next redrive in this process. */
public final class Steps implements AutoCloseable {
  /**
   * @param step FILES_WRITTEN, COLUMNS_ADDED or COMMITTED
   */
  public Steps(String step, Runnable action) {
    Redrive.Step wanted = Redrive.Step.valueOf(step);
    Redrive.stepOfTests =
        done -> {
          if (done == wanted) {
            close();
            action.run();
          }
        };
  }

  @Override
  public void close() {
    Redrive.stepOfTests = step -> {};
  }
}
