package io.millrace.lake.fault;

import io.delta.storage.CloseableIterator;
import io.delta.storage.LogStore;
import io.millrace.lake.delta.LocalLogStore;
import io.millrace.lake.fault.StorageFaults.Kind;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Our log store of local disks, with what {@link StorageFaults} says. Made by Delta. */
public final class FaultyLogStore extends LogStore {
  private final StorageFaults faults;
  private final LocalLogStore store;

  /** Called by Delta, by reflection. */
  public FaultyLogStore(Configuration hadoop) {
    this(hadoop, StorageFaults.ofThisProcess());
  }

  FaultyLogStore(Configuration hadoop, StorageFaults faults) {
    super(hadoop);
    this.faults = faults;
    this.store = new LocalLogStore(hadoop);
  }

  @Override
  public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration hadoop)
      throws IOException {
    faults.dawdle();
    if (faults.strikes(Kind.FULL)) {
      throw new FileSystemException(path.toUri().getPath(), null, FaultyFileSystem.FULL);
    }
    if (faults.strikes(Kind.READ_ONLY)) {
      throw new FileSystemException(path.toUri().getPath(), null, FaultyFileSystem.READ_ONLY);
    }
    store.write(path, actions, overwrite, hadoop);
    if (path.getName().endsWith(".json") && faults.strikes(Kind.ANSWERS_LOST)) {
      throw new IOException("Input/output error");
    }
  }

  @Override
  public CloseableIterator<String> read(Path path, Configuration hadoop) throws IOException {
    faults.dawdle();
    return store.read(path, hadoop);
  }

  @Override
  public Iterator<FileStatus> listFrom(Path path, Configuration hadoop) throws IOException {
    faults.dawdle();
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
