#pragma once

#include <string>
#include <string_view>

namespace tributary::matching {

// A domain as it is compared: lower case, in ASCII (UTS 46), without a full stop at the end and "www." at the start.
// Empty for what is no name of a domain.
std::string DomainKey(std::string_view domain);

// The part of a domain, a web address or a mail address that somebody registers: "https://shop.example.co.uk/a" ->
// "example.co.uk". Empty where there is none, and where it is a mail provider's.
std::string RegistrableDomain(std::string_view text);

// Whose addresses anybody may have. `key` is a DomainKey.
bool IsMailProvider(std::string_view key);

}  // namespace tributary::matching
