#pragma once

// Which rows of an import make resources, or bring them back: the decision, without a database.

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/imports/import.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/intake.h"
#include "inventory-service/products/product.h"

namespace tributary::inventory {

template <typename T>
struct Admitted {
  std::vector<T> fresh;
  std::vector<T> back;  // after an undo
};

// A resource that is in use with the same content, here or before in the same batch, is a duplicate, with other content
// an error of the row. `known`: by key_of(resource).
template <typename T, typename Key, typename KeyOf>
Admitted<T> AdmitRows(std::vector<Stated<T>> stated, std::map<Key, T> known, KeyOf key_of,
                      const std::optional<Uuid>& import_id, absl::Time now, imports::BatchResult& result) {
  Admitted<T> rows;
  for (Stated<T>& next : stated) {
    const Key key = key_of(next.fact);
    const auto at = known.find(key);
    const T* before = at == known.end() ? nullptr : &at->second;
    if (before == nullptr || before->state == LifeState::kInactive) {
      T admitted = Admit(before, std::move(next.fact), now);
      admitted.import_id = import_id;
      (before == nullptr ? rows.fresh : rows.back).push_back(admitted);
      known.insert_or_assign(key, std::move(admitted));
      ++result.accepted;
    } else if (const std::optional<FieldViolation> difference = FirstDifference(*before, next.fact)) {
      result.Reject({{.row = next.row,
                      .column = difference->field,
                      .got = difference->got,
                      .want = StrCat(difference->want, ", as ", before->name(), " is known"),
                      .reason = Reason::kRowConflict}});
    } else {
      ++result.duplicate;
    }
  }
  return rows;
}

}  // namespace tributary::inventory
