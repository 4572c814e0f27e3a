#include "inventory-service/formats/edi_segments.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

constexpr size_t kMostElements = 200;
constexpr size_t kMostSegments = 1'000'000;  // of a transaction set

std::string_view WithoutSpaces(std::string_view text) { return Std(absl::StripAsciiWhitespace(Abseil(text))); }

// Cuts a text into segments, by the separators that each ISA declares.
class SegmentReader {
 public:
  explicit SegmentReader(std::string_view text) : rest_(text) { SkipLineEnds(); }
  bool AtEnd() const { return rest_.empty(); }
  char component() const { return component_; }

  absl::Status Next(EdiSegment* segment) {
    ++number_;
    if (rest_.starts_with("ISA")) RETURN_IF_ERROR(ReadSeparators());
    segment->number = number_;
    segment->elements.clear();
    if (terminator_ == 0) {
      return InvalidField("ISA", Printable(rest_, 20), "an interchange, which begins with ISA");
    }
    const size_t end = rest_.find(terminator_);
    if (end == std::string_view::npos) {
      return InvalidField(StrCat("segment ", number_), Printable(rest_, 20), "a segment terminator at its end");
    }
    std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    SkipLineEnds();
    while (true) {
      const size_t at = text.find(element_);
      segment->elements.push_back(WithoutSpaces(text.substr(0, at)));
      if (at == std::string_view::npos) break;
      if (segment->elements.size() > kMostElements) {
        return InvalidField(StrCat("segment ", number_), "more than 200 elements", "fewer");
      }
      text.remove_prefix(at + 1);
    }
    const std::string_view name = segment->name();
    if (name.size() < 2 || name.size() > 3 || !std::all_of(name.begin(), name.end(), [](unsigned char c) {
          return absl::ascii_isupper(c) || absl::ascii_isdigit(c);
        })) {
      return InvalidField(StrCat("segment ", number_), Printable(name, 20), "the name of a segment");
    }
    return absl::OkStatus();
  }

 private:
  // ISA has 16 elements; the last one is the component separator, and the segment's terminator is behind it.
  absl::Status ReadSeparators() {
    const std::string field = StrCat("ISA (segment ", number_, ")");
    if (rest_.size() < 4) return InvalidField(field, "its end", "16 elements");
    element_ = rest_[3];
    size_t at = 3;
    for (int i = 1; i < 16 && at != std::string_view::npos; ++i) at = rest_.find(element_, at + 1);
    if (at == std::string_view::npos || at + 2 >= rest_.size()) return InvalidField(field, "its end", "16 elements");
    component_ = rest_[at + 1];
    terminator_ = rest_[at + 2];
    for (const char separator : {element_, component_, terminator_}) {
      const auto c = static_cast<unsigned char>(separator);
      if (absl::ascii_isalnum(c) || c == ' ' || c >= 0x80) {
        return InvalidField(field, StrCat("the separator ", Printable(std::string_view(&separator, 1))),
                            "a sign that is no letter, digit or space");
      }
    }
    if (element_ == component_ || element_ == terminator_ || component_ == terminator_) {
      return InvalidField(field, StrCat(Printable(std::string_view(&element_, 1)), " as two separators"),
                          "separators that differ");
    }
    return absl::OkStatus();
  }
  void SkipLineEnds() {
    while (!rest_.empty() && (rest_[0] == '\r' || rest_[0] == '\n' || rest_[0] == ' ')) rest_.remove_prefix(1);
  }

  std::string_view rest_;
  int64_t number_ = 0;
  char element_ = 0;
  char component_ = 0;
  char terminator_ = 0;
};

absl::Status Refuse(const EdiSegment& segment, size_t element, std::string_view want) {
  return InvalidField(StrCat(segment.name(), element < 10 ? "0" : "", element, " (segment ", segment.number, ")"),
                      segment[element], want);
}

absl::Status Expect(const EdiSegment& segment, std::string_view name) {
  if (segment.name() == name) return absl::OkStatus();
  return InvalidField(StrCat("segment ", segment.number), segment.name(), name);
}

// The trailer counts what it closes and repeats the control number of its header.
absl::Status CheckTrailer(const EdiSegment& trailer, int64_t count, std::string_view what, std::string_view control) {
  int64_t stated = -1;
  if (!absl::SimpleAtoi(Abseil(trailer[1]), &stated) || stated != count) {
    return Refuse(trailer, 1, StrCat(count, ", the number of ", what));
  }
  if (trailer[2] != control) return Refuse(trailer, 2, StrCat("'", Printable(control, 40), "' as at its beginning"));
  return absl::OkStatus();
}

}  // namespace

std::string_view Component(std::string_view element, char separator, size_t component) {
  for (; component > 1; --component) {
    const size_t at = element.find(separator);
    if (at == std::string_view::npos) return {};
    element.remove_prefix(at + 1);
  }
  return element.substr(0, element.find(separator));
}

absl::Status ReadInterchanges(std::string_view text, std::string_view set_id, const EdiSet& take) {
  SegmentReader reader(text);
  EdiSegment segment;
  EdiEnvelope envelope;
  do {
    RETURN_IF_ERROR(reader.Next(&segment));
    RETURN_IF_ERROR(Expect(segment, "ISA"));
    envelope.interchange = std::string(segment[13]);
    envelope.component = reader.component();
    int64_t groups = 0;
    RETURN_IF_ERROR(reader.Next(&segment));
    for (; segment.name() != "IEA"; ++groups) {
      RETURN_IF_ERROR(Expect(segment, "GS"));
      envelope.group = std::string(segment[6]);
      int64_t sets = 0;
      RETURN_IF_ERROR(reader.Next(&segment));
      for (; segment.name() != "GE"; ++sets) {
        RETURN_IF_ERROR(Expect(segment, "ST"));
        if (segment[1] != set_id) return Refuse(segment, 1, set_id);
        envelope.set = std::string(segment[2]);
        std::vector<EdiSegment> segments = {segment};
        while (segment.name() != "SE") {
          RETURN_IF_ERROR(reader.Next(&segment));
          for (const std::string_view outer : {"ISA", "IEA", "GS", "GE", "ST"}) {
            if (segment.name() == outer) return Expect(segment, "SE");
          }
          if (segments.size() == kMostSegments) {
            return InvalidField(StrCat("segment ", segment.number), StrCat("more than ", kMostSegments, " segments"),
                                "SE");
          }
          segments.push_back(segment);
        }
        RETURN_IF_ERROR(CheckTrailer(segment, static_cast<int64_t>(segments.size()), "segments of the transaction set",
                                     envelope.set));
        RETURN_IF_ERROR(take(envelope, segments));
        RETURN_IF_ERROR(reader.Next(&segment));
      }
      RETURN_IF_ERROR(CheckTrailer(segment, sets, "transaction sets of the group", envelope.group));
      RETURN_IF_ERROR(reader.Next(&segment));
    }
    RETURN_IF_ERROR(CheckTrailer(segment, groups, "groups of the interchange", envelope.interchange));
  } while (!reader.AtEnd());
  return absl::OkStatus();
}

}  // namespace tributary::inventory
