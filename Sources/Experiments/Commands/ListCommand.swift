import Datasets
import Models

enum ListCommand: Command {
    static let name = "list"
    static let summary = "Lists the recipes and the data sets"

    static func run(_ arguments: Arguments) throws {
        let bundled = Dataset.names.filter { !Dataset.namesInDirectories.contains($0) }
        let recipes = Recipes.all.map { ($0.name, "\($0.summary) (\($0.citation))") }
        let text = """
            Recipes, for tapestry train RECIPE:

            \(columns(recipes))
            Data sets that come with the program, for --data NAME:

            \(columns(bundled.map { ($0, descriptions[$0] ?? "") }))
            Data sets in files that you have, for --data NAME --data-directory DIR:

            \(columns(Dataset.namesInDirectories.map { ($0, descriptions[$0] ?? "") }))
            Or your own, for --data PATH: a file .npy, .csv, .tsv or IDX, one sample a row, with
            labels by --label or --labels; for the recipe table a file .csv or .tsv with numbers,
            categories, dates and missing cells.

            """
        try StandardStreams.write(text)
    }

    /// What each data set is, in a few words.
    static let descriptions = [
        "digits": "handwritten digits, 28 × 28, a part of MNIST; the default",
        "digits8x8": "handwritten digits, 8 × 8, of the UCI repository",
        "customers": "orders with mixed columns and missing cells, a table",
        "rings": "points on three rings in the plane",
        "shapes": "drawn shapes",
        "colour-shapes": "drawn shapes in colour, 32 × 32",
        "swiss-roll": "points on a rolled-up strip in space",
        "mnist": "handwritten digits, 28 × 28",
        "fashion-mnist": "pieces of clothing, 28 × 28",
        "usps": "handwritten digits of post codes, 16 × 16",
        "cifar10": "photographs of ten kinds of things, 32 × 32, in colour",
        "frey-faces": "one face with many expressions, 28 × 20",
        "orl-faces": "faces of forty people",
        "caltech-faces": "faces in colour, 64 × 64",
        "flowers": "flowers in colour, 64 × 64",
    ]
}

/// Names and what stands beside them, in two columns.
func columns(_ entries: [(name: String, text: String)]) -> String {
    let width = entries.map(\.name.count).max() ?? 0
    return entries.map { name, text in
        "  \(name)\(String(repeating: " ", count: width - name.count + 2))\(text)\n"
    }.joined()
}
