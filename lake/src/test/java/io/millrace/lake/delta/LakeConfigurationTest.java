package io.millrace.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.storage.LogStore;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;

class LakeConfigurationTest {
  @Test
  void kernelAndSparkGetTheSameLogStores() throws Exception {
    Map<String, String> spark = LakeConfiguration.sparkLogStores();
    Map<String, String> kernel = LakeConfiguration.properties(Map.of());

    assertThat(spark)
        .containsOnlyKeys("spark.delta.logStore.file.impl", "spark.delta.logStore.s3a.impl");
    for (String scheme : new String[] {"file", "s3a"}) {
      String store = spark.get("spark.delta.logStore." + scheme + ".impl");
      assertThat(kernel).containsEntry("io.delta.kernel.logStore." + scheme + ".impl", store);
      assertThat(
              Class.forName(store)
                  .getConstructor(Configuration.class)
                  .newInstance(new Configuration()))
          .as("made as Delta makes it")
          .isInstanceOf(LogStore.class);
    }
  }

  @Test
  void theUserHasTheLastWord() {
    Configuration hadoop =
        LakeConfiguration.of(Map.of("fs.s3a.multipart.size", "8M", "fs.s3a.endpoint", "here"));
    assertThat(hadoop.get("fs.s3a.multipart.size")).isEqualTo("8M");
    assertThat(hadoop.get("fs.s3a.endpoint")).isEqualTo("here");
    assertThat(hadoop.get("fs.s3a.fast.upload.buffer")).isEqualTo("bytebuffer");
  }

  @Test
  void localFilesGetNoChecksumFilesWhoeverOpenedTheFileSystemFirst() throws Exception {
    Path root = new Path("file:///");
    assertThat(root.getFileSystem(new Configuration())).isNotInstanceOf(RawLocalFileSystem.class);
    assertThat(root.getFileSystem(LakeConfiguration.of(Map.of())))
        .isInstanceOf(RawLocalFileSystem.class);
  }
}
