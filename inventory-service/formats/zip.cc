#include "inventory-service/formats/zip.h"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

constexpr size_t kMostParts = 10'000;
constexpr uint64_t kUnlookedAt = 1 << 20;  // bytes of a part that may be packed as tightly as they like

absl::Status Damaged(std::string_view what) { return InvalidField("file", what, "a whole ZIP container"); }

// Little-endian numbers; the caller has checked the length.
uint64_t Number(std::string_view bytes, size_t at, size_t size) {
  uint64_t value = 0;
  for (size_t i = size; i > 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
  return value;
}

}  // namespace

absl::StatusOr<ZipReader> ZipReader::Open(std::string_view bytes, const Limits& limits) {
  ZipReader reader(bytes, limits);
  RETURN_IF_ERROR(reader.ReadDirectory());
  return reader;
}

absl::Status ZipReader::ReadDirectory() {
  constexpr size_t kEndSize = 22;
  constexpr size_t kLongestComment = 65535;
  if (bytes_.size() < kEndSize) return Damaged(StrCat(bytes_.size(), " bytes"));
  const size_t first = bytes_.size() - std::min(bytes_.size(), kEndSize + kLongestComment);
  const size_t end = bytes_.rfind("PK\x05\x06", bytes_.size() - kEndSize);
  if (end == std::string_view::npos || end < first) return Damaged("no directory at its end");
  const uint64_t entries = Number(bytes_, end + 10, 2);
  const uint64_t size = Number(bytes_, end + 12, 4);
  uint64_t at = Number(bytes_, end + 16, 4);
  if (Number(bytes_, end + 4, 2) != 0 || Number(bytes_, end + 6, 2) != 0 || Number(bytes_, end + 8, 2) != entries) {
    return Damaged("a part of a split archive");
  }
  if (at + size > end) return Damaged(StrCat("a directory of ", size, " bytes at ", at));
  if (entries > kMostParts) return InvalidField("file", StrCat(entries, " parts"), StrCat("at most ", kMostParts));

  constexpr size_t kHeaderSize = 46;
  std::set<std::string> names;
  for (uint64_t i = 0; i < entries; ++i) {
    if (at + kHeaderSize > end || bytes_.substr(at, 4) != "PK\x01\x02")
      return Damaged(StrCat("entry ", i + 1, " damaged"));
    const uint64_t name_size = Number(bytes_, at + 28, 2);
    const uint64_t extra_size = Number(bytes_, at + 30, 2);
    const uint64_t comment_size = Number(bytes_, at + 32, 2);
    if (at + kHeaderSize + name_size + extra_size + comment_size > end)
      return Damaged(StrCat("entry ", i + 1, " damaged"));
    ZipPart part{.name = std::string(bytes_.substr(at + kHeaderSize, name_size)),
                 .packed = Number(bytes_, at + 20, 4),
                 .unpacked = Number(bytes_, at + 24, 4),
                 .crc32 = static_cast<uint32_t>(Number(bytes_, at + 16, 4)),
                 .method = static_cast<uint16_t>(Number(bytes_, at + 10, 2)),
                 .flags = static_cast<uint16_t>(Number(bytes_, at + 8, 2)),
                 .header_at = Number(bytes_, at + 42, 4)};
    // Zip64: fields that are all ones stand in the extra field, in this order.
    std::string_view extra = bytes_.substr(at + kHeaderSize + name_size, extra_size);
    while (extra.size() >= 4) {
      const uint64_t length = Number(extra, 2, 2);
      if (4 + length > extra.size()) return Damaged(StrCat("entry ", i + 1, " damaged"));
      if (Number(extra, 0, 2) == 1) {
        std::string_view field = extra.substr(4, length);
        for (uint64_t* value : {&part.unpacked, &part.packed, &part.header_at}) {
          if (*value != 0xFFFFFFFF) continue;
          if (field.size() < 8) return Damaged(StrCat("entry ", i + 1, " damaged"));
          *value = Number(field, 0, 8);
          field.remove_prefix(8);
        }
      }
      extra.remove_prefix(4 + length);
    }
    if (part.packed > bytes_.size() || part.header_at > bytes_.size())
      return Damaged(StrCat("entry ", i + 1, " damaged"));
    if (!names.insert(absl::AsciiStrToLower(part.name)).second) {
      return InvalidField("file", StrCat("the part ", Printable(part.name, 60), " twice"), "parts of different names");
    }
    parts_.push_back(std::move(part));
    at += kHeaderSize + name_size + extra_size + comment_size;
  }
  return absl::OkStatus();
}

const ZipPart* ZipReader::Find(std::string_view name) const {
  const auto found = std::find_if(parts_.begin(), parts_.end(), [&](const ZipPart& part) {
    return absl::EqualsIgnoreCase(Abseil(part.name), Abseil(name));
  });
  return found == parts_.end() ? nullptr : &*found;
}

absl::Status ZipReader::Unpack(const ZipPart& part, const std::function<absl::Status(std::string_view)>& take) {
  const std::string name = Printable(part.name, 60);
  if ((part.flags & 1) != 0)
    return InvalidField("file", StrCat("the encrypted part ", name), "a file without a password");
  if (part.method != 0 && part.method != Z_DEFLATED) {
    return InvalidField("file", StrCat("the part ", name, " packed by method ", part.method),
                        "stored or deflated parts");
  }
  constexpr size_t kLocalSize = 30;
  if (part.header_at + kLocalSize > bytes_.size() || bytes_.substr(part.header_at, 4) != "PK\x03\x04") {
    return Damaged(StrCat("no part ", name, " where the directory says"));
  }
  const uint64_t start =
      part.header_at + kLocalSize + Number(bytes_, part.header_at + 26, 2) + Number(bytes_, part.header_at + 28, 2);
  if (start + part.packed > bytes_.size()) return Damaged(StrCat("the part ", name, " cut off"));
  const std::string_view packed = bytes_.substr(start, part.packed);

  uint64_t size = 0;
  uLong crc = crc32(0, nullptr, 0);
  const auto give = [&](std::string_view piece) -> absl::Status {
    size += piece.size();
    unpacked_ += piece.size();
    if (unpacked_ > limits_.unpacked_bytes) {
      return InvalidField("file", StrCat("more than ", limits_.unpacked_bytes, " bytes unpacked"), "less");
    }
    if (size > kUnlookedAt && size / static_cast<uint64_t>(limits_.packing_ratio) > part.packed) {
      return InvalidField("file", StrCat("the part ", name, " packed to less than 1/", limits_.packing_ratio),
                          "a sheet, not a ZIP bomb");
    }
    crc = crc32(crc, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size()));
    return take(piece);
  };
  if (part.method == 0) {
    for (std::string_view rest = packed; !rest.empty();) {
      const std::string_view piece = rest.substr(0, 64 << 10);
      RETURN_IF_ERROR(give(piece));
      rest.remove_prefix(piece.size());
    }
  } else {
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return absl::ResourceExhaustedError("zlib has no memory");
    const std::unique_ptr<z_stream, decltype(&inflateEnd)> ends(&stream, &inflateEnd);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    std::vector<char> buffer(64 << 10);
    int result = Z_OK;
    while (result != Z_STREAM_END) {
      stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream.avail_out = static_cast<uInt>(buffer.size());
      result = inflate(&stream, Z_NO_FLUSH);
      const size_t filled = buffer.size() - stream.avail_out;
      if (result != Z_OK && result != Z_STREAM_END) return Damaged(StrCat("the part ", name, " damaged"));
      RETURN_IF_ERROR(give(std::string_view(buffer.data(), filled)));
      if (result == Z_OK && filled == 0 && stream.avail_in == 0) return Damaged(StrCat("the part ", name, " cut off"));
    }
  }
  if (size != part.unpacked || crc != part.crc32) return Damaged(StrCat("the part ", name, " with another checksum"));
  return absl::OkStatus();
}

}  // namespace tributary::inventory
