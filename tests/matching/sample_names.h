#pragma once

// Names of companies that nobody has, the same for the same seed.

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace tributary::matching_quality {

// Different from one another: one or two words of their own (as often as words of real names are: some thousands of
// times, most of them rarely), a trade, perhaps a place, a legal form.
std::vector<std::string> SampleNames(size_t count, uint32_t seed);

// The name with so many slips anywhere in it: a letter wrong, missing, too much, or swapped with the next.
std::string WithSlips(std::string name, int slips, std::mt19937* random);

}  // namespace tributary::matching_quality
