#pragma once

// For tests: writes ZIP containers, also wrong ones.

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tributary::inventory {

class ZipWriter {
 public:
  struct Claims {
    bool deflate = true;
    uint16_t flags = 0;
    int64_t unpacked = -1;  // what the directory says; -1: the truth
    uint32_t crc_xor = 0;
  };
  ZipWriter& Add(std::string_view name, std::string_view content) { return Add(name, content, Claims()); }
  ZipWriter& Add(std::string_view name, std::string_view content, const Claims& claims) {
    const std::string packed = claims.deflate ? Deflate(content) : std::string(content);
    const auto crc = static_cast<uint32_t>(
                         crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()))) ^
                     claims.crc_xor;
    const uint64_t unpacked = claims.unpacked < 0 ? content.size() : static_cast<uint64_t>(claims.unpacked);
    const std::string shared = Numbers({{2, 20},
                                        {2, claims.flags},
                                        {2, claims.deflate ? 8u : 0u},
                                        {4, 0},
                                        {4, crc},
                                        {4, packed.size()},
                                        {4, unpacked},
                                        {2, name.size()},
                                        {2, 0}});
    directory_ +=
        "PK\x01\x02" + Numbers({{2, 20}}) + shared + Numbers({{2, 0}, {2, 0}, {2, 0}, {4, 0}, {4, bytes_.size()}});
    directory_ += name;
    bytes_ += "PK\x03\x04" + shared;
    bytes_ += name;
    bytes_ += packed;
    ++parts_;
    return *this;
  }
  std::string Finish() const {
    return bytes_ + directory_ + "PK\x05\x06" +
           Numbers({{2, 0}, {2, 0}, {2, parts_}, {2, parts_}, {4, directory_.size()}, {4, bytes_.size()}, {2, 0}});
  }

 private:
  static std::string Numbers(const std::vector<std::pair<int, uint64_t>>& numbers) {
    std::string out;
    for (const auto& [size, value] : numbers) {
      for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    }
    return out;
  }
  static std::string Deflate(std::string_view content) {
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
  }

  std::string bytes_;
  std::string directory_;
  uint64_t parts_ = 0;
};

// A workbook of one sheet: the XML of its <sheetData>, of its styles and of its shared strings.
inline std::string MakeWorkbook(std::string_view sheet_data, std::string_view strings = "",
                                std::string_view styles = "", std::string_view workbook_properties = "") {
  const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  const std::string main = " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
  const std::string relationships =
      "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
  const std::string types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  ZipWriter zip;
  zip.Add("[Content_Types].xml", head + "<Types/>");
  zip.Add("_rels/.rels", head + relationships + "<Relationship Id=\"r1\" Type=\"" + types +
                             "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
  zip.Add("xl/workbook.xml", head + "<workbook" + main + " xmlns:r=\"" + types + "\">" +
                                 std::string(workbook_properties) +
                                 "<sheets><sheet name=\"Sales\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
  zip.Add("xl/_rels/workbook.xml.rels",
          head + relationships + "<Relationship Id=\"r1\" Type=\"" + types +
              "worksheet\" Target=\"worksheets/sheet1.xml\"/>" + "<Relationship Id=\"r2\" Type=\"" + types +
              "sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>" + "<Relationship Id=\"r3\" Type=\"" + types +
              "styles\" Target=\"./styles.xml\"/></Relationships>");
  zip.Add("xl/sharedStrings.xml", head + "<sst" + main + ">" + std::string(strings) + "</sst>");
  zip.Add("xl/styles.xml", head + "<styleSheet" + main + ">" + std::string(styles) + "</styleSheet>");
  zip.Add("xl/worksheets/sheet1.xml",
          head + "<worksheet" + main + "><sheetData>" + std::string(sheet_data) + "</sheetData></worksheet>");
  return zip.Finish();
}

}  // namespace tributary::inventory
