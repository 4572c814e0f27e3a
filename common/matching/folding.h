#pragma once

// What spellings have in common: case, width, accents, the two writings of Chinese, and how a script sounds in Latin
// letters. Text is UTF-16 here, as ICU has it; a character beyond the basic plane counts as two.

#include <string>
#include <string_view>

namespace tributary::matching {

// Unicode NFKC with case folding: full width becomes half, ligatures and circled letters plain, STRASSE equals Straße;
// marks that nobody sees are gone. Invalid UTF-8 counts as U+FFFD.
std::u16string FoldCase(std::string_view text);

// Besides: traditional Chinese becomes simplified (OpenCC's t2s, so 乾隆 stays), and Latin, Greek and Cyrillic letters
// lose their accents (ø, ł and đ their strokes).
std::u16string Fold(std::string_view text);
// Of what FoldCase made: the simplified writing alone.
std::u16string Simplified(std::u16string text);

// `folded` in Latin letters without accents: Cyrillic, Greek, Hangul, Kana and others by ICU, Han by its most common
// reading of Mandarin, without tones (so 重庆 is zhongqing: good for finding, never for deciding).
std::u16string Latin(std::u16string_view folded);

std::string Utf8(std::u16string_view text);
std::u16string Utf16(std::string_view text);

// Letters, digits and the marks that belong to them.
bool IsWordPart(char32_t c);
bool IsHan(char16_t c);
// Han, Kana and Hangul: scripts that write names without spaces.
bool IsSpaceless(char16_t c);
bool IsLatinLetterOrDigit(char16_t c);

}  // namespace tributary::matching
