package io.millrace.lake.delta;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.Constants;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.fs.s3a.S3AUtils;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Lists a Delta log from one name on. S3 answers 1,000 names a request: at one commit a second and
 * two days of log, listing all of it, as Hadoop's listStatus does, takes hundreds of requests where
 * a reader wants what is after the last checkpoint. Pages are asked for as the reader goes on.
 */
final class S3LogListing implements Iterator<FileStatus> {
  private static final String WHAT = "list the Delta log";

  private final Path directory;
  private final Iterator<S3Object> objects;

  private S3LogListing(Path directory, Iterator<S3Object> objects) {
    this.directory = directory;
    this.objects = objects;
  }

  /**
   * @param from the first file to list, whether it exists or not
   * @throws FileNotFoundException where the directory does not exist
   */
  static Iterator<FileStatus> from(S3AFileSystem fileSystem, Path from) throws IOException {
    Path directory = from.getParent();
    String prefix = directory.toUri().getPath().substring(1) + "/";
    String name = from.getName();
    S3Client client = fileSystem.getS3AInternals().getAmazonS3Client(WHAT);
    ListObjectsV2Request request =
        ListObjectsV2Request.builder()
            .bucket(fileSystem.getBucket())
            .prefix(prefix)
            .delimiter("/")
            .maxKeys(
                fileSystem
                    .getConf()
                    .getInt(Constants.MAX_PAGING_KEYS, Constants.DEFAULT_MAX_PAGING_KEYS))
            // S3 lists what comes after this key; the file itself is wanted as well.
            .startAfter(prefix + name.substring(0, name.length() - 1))
            .build();
    try {
      Iterator<S3Object> objects =
          client.listObjectsV2Paginator(request).contents().stream()
              .filter(object -> object.key().compareTo(prefix + name) >= 0)
              .iterator();
      if (!objects.hasNext() && !fileSystem.exists(directory)) {
        throw new FileNotFoundException("No such directory: " + directory);
      }
      return new S3LogListing(directory, objects);
    } catch (SdkException e) {
      throw S3AUtils.translateException(WHAT, directory, e);
    }
  }

  @Override
  public boolean hasNext() {
    try {
      return objects.hasNext();
    } catch (SdkException e) {
      throw new UncheckedIOException(S3AUtils.translateException(WHAT, directory, e));
    }
  }

  @Override
  public FileStatus next() {
    S3Object object = objects.next();
    String key = object.key();
    return new FileStatus(
        object.size(),
        false,
        1,
        0,
        object.lastModified().toEpochMilli(),
        new Path(directory, key.substring(key.lastIndexOf('/') + 1)));
  }
}
