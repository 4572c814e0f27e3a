#pragma once

// Reads the fields of a message into a domain value and collects everything that is wrong with them.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary {

class FieldReader {
 public:
  // The value, or a default one where it could not be read.
  template <typename T>
  T Take(std::string_view field, absl::StatusOr<T> value) {
    if (value.ok()) return *std::move(value);
    for (FieldViolation& violation : DetailOf(AtField(value.status(), field)).violations) {
      violations_.push_back(std::move(violation));
    }
    return T();
  }

  // What is wrong with a part of the message, if anything.
  void Note(std::string_view field, const absl::Status& status) {
    for (FieldViolation& violation : DetailOf(AtField(status, field)).violations) {
      violations_.push_back(std::move(violation));
    }
  }

  // The id in "products/{product}".
  std::string Id(std::string_view field, std::string_view name, std::string_view pattern) {
    auto ids = ParseResourceName(name, pattern, field);
    if (ids.ok()) return std::move(ids->front());
    for (FieldViolation& violation : DetailOf(ids.status()).violations) violations_.push_back(std::move(violation));
    return {};
  }

  // The id in a name below a partner, "partners/{partner}/orders/{id}", which must be `partner`; empty where the name
  // is.
  std::string OwnId(std::string_view field, std::string_view name, std::string_view partner,
                    std::string_view collection) {
    if (name.empty()) return {};
    auto ids = ParseResourceName(name, StrCat("partners/{partner}/", collection, "/{id}"));
    if (ids.ok() && ids->at(0) == partner) return std::move(ids->at(1));
    Refuse(field, name, StrCat("partners/", partner, "/", collection, "/{id}"));
    return {};
  }

  void Refuse(std::string_view field, std::string_view got, std::string_view want) {
    violations_.push_back({.field = std::string(field), .got = Printable(got), .want = std::string(want)});
  }

  // OK, or INVALID_ARGUMENT with all of it.
  absl::Status status() const { return violations_.empty() ? absl::OkStatus() : InvalidFields(violations_); }

 private:
  std::vector<FieldViolation> violations_;
};

}  // namespace tributary
