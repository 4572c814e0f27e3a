#pragma once

// The segments of X12 interchanges, and their envelopes.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace tributary::inventory {

struct EdiSegment {
  int64_t number = 0;  // in its file, from 1
  std::vector<std::string_view>
      elements;  // [0] is the segment's name, [1] its first element; without spaces at their ends

  std::string_view name() const { return elements[0]; }
  // Empty where the segment ends before it.
  std::string_view operator[](size_t element) const {
    return element < elements.size() ? elements[element] : std::string_view();
  }
};

// The envelopes around a transaction set.
struct EdiEnvelope {
  std::string interchange;  // ISA13
  std::string group;        // GS06
  std::string set;          // ST02
  char component = 0;       // between the parts of a composite element
};

// A transaction set from its ST to its SE.
using EdiSet = std::function<absl::Status(const EdiEnvelope& envelope, const std::vector<EdiSegment>& segments)>;

// Reads every interchange of the text and hands on its transaction sets of the kind `set_id` ("852"). INVALID_FIELD
// with the segment as the field where the envelopes do not agree with what is between them.
absl::Status ReadInterchanges(std::string_view text, std::string_view set_id, const EdiSet& take);

// The component of a composite element, from 1.
std::string_view Component(std::string_view element, char separator, size_t component);

}  // namespace tributary::inventory
