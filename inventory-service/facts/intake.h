#pragma once

// Which lines of a batch are new: the decision, without a database.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/imports/import.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/fact.h"

namespace tributary::inventory {

// A fact and the row of the file that states it.
template <typename F>
struct Stated {
  int64_t row = 0;
  F fact;
};

// The last generation of each line that is known, by KeyOf.
template <typename F>
using Known = std::map<std::string, F>;

// Takes out the rows that state a line just as it stands: duplicates, whatever became since of the units and products
// that they name. Quantities in units are not converted yet.
template <typename F>
void DropRepeated(const Known<F>& known, std::vector<Stated<F>>& stated, imports::BatchResult& result) {
  if (known.empty()) return;
  std::erase_if(stated, [&](const Stated<F>& next) {
    const auto last = known.find(KeyOf(next.fact));
    if (last == known.end() || IsReversal(last->second.generation)) return false;
    const F& standing = last->second;
    const bool same_quantity = next.fact.quantity.zero() || next.fact.quantity == standing.quantity;
    if (!same_quantity || FirstDifference(standing, next.fact).has_value()) return false;
    ++result.duplicate;
    return true;
  });
}

// The facts to be appended, each with its generation. A line that stands with the same content, here or before in the
// same batch, is a duplicate; with other content, an error of the row that names the first field that differs. A line
// that is not known, or was reversed, is appended. Needs, beside the type: KeyOf(fact), FirstDifference(known, stated).
template <typename F>
std::vector<F> NewFacts(std::vector<Stated<F>> stated, const Known<F>& known, imports::BatchResult& result) {
  std::vector<F> fresh;
  fresh.reserve(stated.size());
  std::map<std::string, size_t> in_batch;  // KeyOf -> index in fresh
  for (Stated<F>& next : stated) {
    std::string key = KeyOf(next.fact);
    const auto before = known.find(key);
    const auto sibling = in_batch.find(key);
    const F* standing = nullptr;
    if (sibling != in_batch.end()) {
      standing = &fresh[sibling->second];
    } else if (before != known.end() && !IsReversal(before->second.generation)) {
      standing = &before->second;
    }
    if (standing == nullptr) {
      next.fact.generation = before == known.end() ? 0 : before->second.generation + 1;
      in_batch.emplace(std::move(key), fresh.size());
      fresh.push_back(std::move(next.fact));
      ++result.accepted;
    } else if (const std::optional<FieldViolation> difference = FirstDifference(*standing, next.fact)) {
      result.Reject({{.row = next.row,
                      .column = difference->field,
                      .got = difference->got,
                      .want = StrCat(difference->want, ", as this line is known"),
                      .reason = Reason::kRowConflict}});
    } else {
      ++result.duplicate;
    }
  }
  return fresh;
}

}  // namespace tributary::inventory
