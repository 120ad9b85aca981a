package io.millrace.lake.delta;

import io.delta.storage.CloseableIterator;
import io.delta.storage.LogStore;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** A log store whose writes of commit files fail when told, before or after the write. */
public final class FaultyLogStore extends LogStore {
  /** Writes of commit files still to fail without a trace. */
  static final AtomicInteger failBefore = new AtomicInteger();

  /** Writes of commit files still to be done and then reported as failed. */
  static final AtomicInteger failAfter = new AtomicInteger();

  /** What happens between such a write and the report that it failed. */
  static final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});

  private final LocalLogStore store;

  public FaultyLogStore(Configuration hadoop) {
    super(hadoop);
    store = new LocalLogStore(hadoop);
  }

  @Override
  public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration hadoop)
      throws IOException {
    boolean commit = path.getName().endsWith(".json");
    if (commit && failBefore.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IOException("no answer");
    }
    store.write(path, actions, overwrite, hadoop);
    if (commit && failAfter.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      meanwhile.getAndSet(() -> {}).run();
      throw new IOException("answer lost");
    }
  }

  @Override
  public CloseableIterator<String> read(Path path, Configuration hadoop) throws IOException {
    return store.read(path, hadoop);
  }

  @Override
  public Iterator<FileStatus> listFrom(Path path, Configuration hadoop) throws IOException {
    return store.listFrom(path, hadoop);
  }

  @Override
  public Path resolvePathOnPhysicalStorage(Path path, Configuration hadoop) throws IOException {
    return store.resolvePathOnPhysicalStorage(path, hadoop);
  }

  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration hadoop) {
    return store.isPartialWriteVisible(path, hadoop);
  }
}
