import Models

/// The command that reproduces a run.
///
/// - Parameter swept: options with several values, for the command that reproduces a sweep.
func commandLine(
    of configuration: TrainingRun.Configuration, _ recipe: any Recipe,
    sweeping swept: [(option: String, text: String)] = []
) -> String {
    var words = ["tapestry", "train", configuration.recipe]
    let data = configuration.data
    if data.name != type(of: recipe).data ?? DataSelection.standard {
        words += ["--data", data.name]
    }
    if let directory = data.directory { words += ["--data-directory", directory] }
    for (option, value) in data.asOptions { words += ["--\(option.name)", value] }
    if let start = configuration.start {
        words += ["--parameters", start.path] + (start.isPartial ? ["--partial"] : [])
    }
    if let every = configuration.keptEvery { words += ["--keep-every", "\(every)"] }
    for (option, standard) in zip(recipe.options, type(of: recipe).init().options)
    where option.text != standard.text && !swept.contains(where: { $0.option == option.name }) {
        words += ["--\(option.name)", option.text]
    }
    for (option, text) in swept { words += ["--\(option)", text] }
    return words.map(shellWord).joined(separator: " ")
}

/// A word quoted for the shell if necessary.
func shellWord(_ word: String) -> String {
    let isPlain = word.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=,+".contains($0))
    }
    return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
}
