extension Arguments {
    /// The output file that an option names; nil if the option is not given. Throws if its name has
    /// none of the endings.
    ///
    /// - Parameter endings: in lower case, such as `.png`; upper case in the name is accepted too.
    func outputPath(
        _ option: CommandOption, endingIn endings: [String]
    ) throws(UsageError) -> String? {
        guard let path = string(option) else { return nil }
        guard endings.contains(where: { path.hasEnding($0) }) else {
            throw UsageError(
                "--\(option.name) \(path): expected a name that ends in "
                    + endings.joined(separator: " or "))
        }
        return path
    }
}

extension String {
    /// Whether a file name ends in `ending`, such as `.png`, in upper or lower case.
    func hasEnding(_ ending: String) -> Bool { lowercased().hasSuffix(ending) }
}
