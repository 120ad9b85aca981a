package io.millrace.lake;

import io.millrace.lake.delta.LakeConfiguration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.junit.S3ProxyExtension;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An S3 server in this JVM with an empty bucket {@code lake} for each test. */
public final class S3Server implements BeforeEachCallback, AfterEachCallback {
  private static final String BUCKET = "lake";

  private final S3ProxyExtension server =
      S3ProxyExtension.builder()
          .withBlobStoreProvider("filesystem-nio2")
          .withCredentials(AuthenticationType.NONE, "", "")
          .build();

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    server.beforeEach(context);
    HttpRequest request =
        HttpRequest.newBuilder(server.getUri().resolve("/" + BUCKET))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    int status = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
    if (status != 200) {
      throw new IOException("The bucket can't be made: status " + status);
    }
  }

  /** Each test has a server of its own; a cached file system would know an earlier one. */
  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    FileSystem.closeAll();
    server.afterEach(context);
  }

  /** Hadoop properties that lead to the server. */
  public Map<String, String> properties() {
    URI endpoint = server.getUri();
    return Map.of(
        "fs.s3a.endpoint", endpoint.toString(),
        "fs.s3a.endpoint.region", "us-east-1",
        "fs.s3a.path.style.access", "true",
        "fs.s3a.access.key", "local",
        "fs.s3a.secret.key", "local");
  }

  /** Our configuration for the server, with more properties. */
  public Configuration hadoop(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(properties());
    all.putAll(more);
    return LakeConfiguration.of(all);
  }

  /** Keys of all objects. */
  public static List<String> objects(Configuration hadoop) throws IOException {
    return client(hadoop).listObjectsV2(list -> list.bucket(BUCKET)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  /** Keys of uploads that were begun and neither completed nor given up. */
  public static List<String> uploads(Configuration hadoop) throws IOException {
    return client(hadoop).listMultipartUploads(list -> list.bucket(BUCKET)).uploads().stream()
        .map(MultipartUpload::key)
        .toList();
  }

  private static S3Client client(Configuration hadoop) throws IOException {
    S3AFileSystem fileSystem =
        (S3AFileSystem) new Path("s3a://" + BUCKET + "/").getFileSystem(hadoop);
    return fileSystem.getS3AInternals().getAmazonS3Client("look from a test");
  }
}
