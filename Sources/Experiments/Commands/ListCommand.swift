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
            Bundled data sets, for --data NAME:

            \(columns(bundled.map { ($0, descriptions[$0] ?? "") }))
            Data sets in a directory of yours, for --data NAME --data-directory DIR:

            \(columns(Dataset.namesInDirectories.map { ($0, descriptions[$0] ?? "") }))
            Or your own data, for --data PATH: a .npy, .csv, .tsv or IDX file, one sample per row,
            with labels from --label or --labels; for the recipe table a .csv or .tsv file with
            numbers, categories, dates and missing cells.

            """
        try StandardStreams.write(text)
    }

    /// A short description of each data set.
    static let descriptions = [
        "digits": "handwritten digits, 28 × 28, a subset of MNIST; the default",
        "digits8x8": "handwritten digits, 8 × 8, from the UCI repository",
        "factors": "synthetic images of one shape each, in every size, angle and place, 32 × 32",
        "cards-1": "synthetic images of suits of cards, turned by ±12° and sheared by ±1°, 48 × 48",
        "cards-2": "the same, turned by ±12° and sheared by ±20°",
        "cards-3": "the same, turned by ±120° and sheared by ±1°",
        "cards-4": "the same, turned by ±120° and sheared by ±20°",
        "cards-5": "as cards-3, and moved by a tenth of half their width",
        "cards-6": "as cards-5, and of 0.8 to 1.2 times the size",
        "customers": "a table of orders, with mixed columns and missing cells",
        "circle": "points of eight normal distributions on a circle",
        "grid": "points of 25 normal distributions on a grid",
        "rings": "points on three rings in two dimensions",
        "shapes": "synthetic images of shapes",
        "colour-shapes": "synthetic colour images of shapes, 32 × 32",
        "swiss-roll": "points on a rolled-up strip in three dimensions",
        "mnist": "handwritten digits, 28 × 28",
        "fashion-mnist": "images of clothing, 28 × 28",
        "usps": "handwritten digits from postal codes, 16 × 16",
        "cifar10": "colour photographs of ten classes of objects, 32 × 32",
        "frey-faces": "images of one face with many expressions, 28 × 20",
        "orl-faces": "images of the faces of forty people",
        "caltech-faces": "colour images of faces, 64 × 64",
        "flowers": "colour images of flowers, 64 × 64",
    ]
}

/// Names and texts in two columns.
func columns(_ entries: [(name: String, text: String)]) -> String {
    let width = entries.map(\.name.count).max() ?? 0
    return entries.map { name, text in
        "  \(name)\(String(repeating: " ", count: width - name.count + 2))\(text)\n"
    }.joined()
}
