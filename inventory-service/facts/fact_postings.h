#pragma once

// What facts post.

#include <string>
#include <utility>
#include <vector>

#include "inventory-service/facts/fact.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// The postings of a fact that moves stock: which units its Movements take where, by product, lot and serial numbers,
// numbered, with the fact as their cause. In the place of a kit its parts move, of which no lot or serial number is
// told.
template <typename F>
std::vector<Posting> PostingsOf(const F& fact) {
  std::vector<Posting> postings;
  const std::string cause = NameOf(fact);
  const auto add = [&](Posting posting) {
    posting.cause = cause;
    posting.n = static_cast<int>(postings.size()) + 1;
    postings.push_back(std::move(posting));
  };
  for (Posting& whole : Movements(fact)) {
    if (whole.partner.empty()) whole.partner = fact.partner;
    for (const KitPart& part : fact.parts) {
      Posting posting = whole;
      posting.product = part.product;
      posting.quantity = part.quantity;
      add(std::move(posting));
    }
    if (!fact.parts.empty()) continue;
    whole.product = fact.product;
    whole.lot = fact.lot;
    whole.serials = fact.serials;
    add(std::move(whole));
  }
  return postings;
}

}  // namespace tributary::inventory
