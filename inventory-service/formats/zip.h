#pragma once

// The parts of a ZIP container in memory (PKWARE APPNOTE 6.3): stored and deflated ones, with the sizes and checksums
// of its central directory. Encrypted, split and other archives are refused.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tributary::inventory {

struct ZipPart {
  std::string name;
  uint64_t packed = 0;
  uint64_t unpacked = 0;
  uint32_t crc32 = 0;
  uint16_t method = 0;  // 0 stored, 8 deflated
  uint16_t flags = 0;
  uint64_t header_at = 0;
};

class ZipReader {
 public:
  struct Limits {
    uint64_t unpacked_bytes;  // of all parts that are unpacked, together
    int64_t packing_ratio;    // of a part, beyond its first MiB
  };
  // `bytes` outlives the reader. INVALID_FIELD "file".
  static absl::StatusOr<ZipReader> Open(std::string_view bytes, const Limits& limits);

  const std::vector<ZipPart>& parts() const { return parts_; }
  // Null where there is none of this name; case does not matter.
  const ZipPart* Find(std::string_view name) const;
  // Hands the part's bytes to `take` in pieces; stops where `take` fails. Never more than the limits allow, whatever
  // the directory says.
  absl::Status Unpack(const ZipPart& part, const std::function<absl::Status(std::string_view piece)>& take);

 private:
  ZipReader(std::string_view bytes, const Limits& limits) : bytes_(bytes), limits_(limits) {}
  absl::Status ReadDirectory();

  std::string_view bytes_;
  Limits limits_;
  std::vector<ZipPart> parts_;
  uint64_t unpacked_ = 0;
};

}  // namespace tributary::inventory
