#pragma once

// Bank accounts on the wire.

#include <string_view>

#include "common/events/outbox.h"
#include "partner-service/bank_accounts/bank_account.h"
#include "tributary/partner/v1/bank_account.pb.h"

namespace tributary::partner {

// As Get and List show it, numbers masked.
v1::BankAccount ToProto(const BankAccount& account);
// The same without the holder's name: what is kept with request ids and in the feed.
v1::BankAccount Pseudonymous(const BankAccount& account);
// What the next change is a change of, whole, as callers give it: what an update's mask is applied to, never an answer.
v1::BankAccount Whole(const BankAccount& account);
// The terms that callers may set, the number normalized.
BankAccountTerms FromProto(const v1::BankAccount& account);
// For the feed.
events::EventDraft Told(std::string_view verb, const BankAccount& account);

}  // namespace tributary::partner
